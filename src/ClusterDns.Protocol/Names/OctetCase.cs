using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ClusterDns.Protocol.Names;

/// <summary>
/// ASCII case of octets, every other octet left as it is (RFC 4343 §3). A name in wire form can be folded as a whole:
/// its length octets are below 64 and so never letters.
/// </summary>
public static class OctetCase
{
    public static byte ToLower(byte octet) => (uint)(octet - 'A') <= 'Z' - 'A' ? (byte)(octet | 0x20) : octet;

    /// <summary>Writes <paramref name="source"/> folded to lower case; both may be the same memory.</summary>
    public static void ToLower(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        // The one check of the destination's room.
        destination = destination[..source.Length];
        if (source.Length < OctetBlock.Size)
        {
            ToLowerShort(source, destination);
            return;
        }

        // SAFETY: the last block of either begins sixteen octets before its end, the others before that.
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var to = ref MemoryMarshal.GetReference(destination);
        var last = (nuint)(source.Length - OctetBlock.Size);
        for (nuint offset = 0; offset < last; offset += OctetBlock.Size)
        {
            Fold(OctetBlock.At(ref from, offset)).StoreUnsafe(ref to, offset);
        }

        // In place some of these are folded already, which folding changes no more.
        Fold(OctetBlock.At(ref from, last)).StoreUnsafe(ref to, last);
    }

    /// <summary>True where the two differ in ASCII case at most.</summary>
    public static bool Equals(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        ref var ofLeft = ref MemoryMarshal.GetReference(left);
        ref var ofRight = ref MemoryMarshal.GetReference(right);
        if (left.Length < OctetBlock.Size)
        {
            return AreEqual(OctetBlock.OfShort(ref ofLeft, left.Length), OctetBlock.OfShort(ref ofRight, left.Length));
        }

        // SAFETY: the last block of either begins sixteen octets before its end, the others before that.
        var last = (nuint)(left.Length - OctetBlock.Size);
        for (nuint offset = 0; offset < last; offset += OctetBlock.Size)
        {
            if (!AreEqual(OctetBlock.At(ref ofLeft, offset), OctetBlock.At(ref ofRight, offset)))
            {
                return false;
            }
        }

        return AreEqual(OctetBlock.At(ref ofLeft, last), OctetBlock.At(ref ofRight, last));
    }

    private static void ToLowerShort(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (source.Length >= sizeof(ulong))
        {
            var last = source.Length - sizeof(ulong);
            var end = MemoryMarshal.Read<ulong>(source[last..]);
            MemoryMarshal.Write(destination, Fold(MemoryMarshal.Read<ulong>(source)));
            MemoryMarshal.Write(destination[last..], Fold(end));
            return;
        }

        for (var index = 0; index < source.Length; index++)
        {
            destination[index] = ToLower(source[index]);
        }
    }

    // Most that are compared are the same octets.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreEqual(Vector128<byte> left, Vector128<byte> right) => left == right || Fold(left) == Fold(right);

    // Capitals become the 26 lowest of the numbers with a sign, for which there is a comparison.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Fold(Vector128<byte> octets)
    {
        var shifted = (octets - Vector128.Create((byte)('A' + 0x80))).AsSByte();
        var upper = Vector128.LessThan(shifted, Vector128.Create((sbyte)(sbyte.MinValue + 26)));
        return octets | (upper.AsByte() & Vector128.Create((byte)0x20));
    }

    private static ulong Fold(ulong octets) => Fold(Vector128.CreateScalar(octets).AsByte()).AsUInt64().ToScalar();
}
