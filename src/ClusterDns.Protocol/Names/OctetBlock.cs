using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ClusterDns.Protocol.Names;

/// <summary>
/// Sixteen octets at once, for loops over names. Where the octets are no multiple of sixteen, the last block overlaps the one
/// before it; what is shorter than a block has a form of its own.
/// </summary>
internal static class OctetBlock
{
    public const int Size = 16;

    // SAFETY: callers stay within their span: a whole block is read only where sixteen octets follow the offset.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> At(ref byte first, nuint offset) => Vector128.LoadUnsafe(ref first, offset);

    /// <summary>
    /// Fewer than sixteen octets as a block: some stand in it twice, and which ones depends on the length alone, so that two
    /// runs of one length are equal where their blocks are.
    /// </summary>
    public static Vector128<byte> OfShort(ref byte first, int length)
    {
        // SAFETY: each read ends at or before the length that its case stands for.
        ref var end = ref Unsafe.Add(ref first, length);
        if (length >= sizeof(ulong))
        {
            return Vector128.Create(Read<ulong>(ref first), Read<ulong>(ref Unsafe.Subtract(ref end, sizeof(ulong)))).AsByte();
        }

        if (length >= sizeof(uint))
        {
            return Vector128.Create(Read<uint>(ref first), Read<uint>(ref Unsafe.Subtract(ref end, sizeof(uint))), 0, 0).AsByte();
        }

        return length == 0
            ? Vector128<byte>.Zero
            : Vector128.CreateScalar((uint)(first | (Unsafe.Add(ref first, length / 2) << 8) | (Unsafe.Subtract(ref end, 1) << 16))).AsByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Read<T>(ref byte first) => Unsafe.ReadUnaligned<T>(ref first);
}
