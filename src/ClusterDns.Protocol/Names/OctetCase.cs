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
        var index = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            for (; index + Vector128<byte>.Count <= source.Length; index += Vector128<byte>.Count)
            {
                Fold(Vector128.Create(source[index..])).CopyTo(destination[index..]);
            }
        }

        if (index > 0)
        {
            // The rest with octets before it for the second time, which folding changes no more.
            if (index < source.Length)
            {
                var last = source.Length - Vector128<byte>.Count;
                Fold(Vector128.Create(source[last..])).CopyTo(destination[last..]);
            }

            return;
        }

        for (; index + sizeof(ulong) <= source.Length; index += sizeof(ulong))
        {
            var folded = Fold(MemoryMarshal.Read<ulong>(source[index..]));
            MemoryMarshal.Write(destination[index..], in folded);
        }

        for (; index < source.Length; index++)
        {
            destination[index] = ToLower(source[index]);
        }
    }

    /// <summary>True where the two differ in ASCII case at most.</summary>
    public static bool Equals(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        var index = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            for (; index + Vector128<byte>.Count <= left.Length; index += Vector128<byte>.Count)
            {
                if (Fold(Vector128.Create(left[index..])) != Fold(Vector128.Create(right[index..])))
                {
                    return false;
                }
            }
        }

        if (index > 0)
        {
            var last = left.Length - Vector128<byte>.Count;
            return index == left.Length || Fold(Vector128.Create(left[last..])) == Fold(Vector128.Create(right[last..]));
        }

        for (; index + sizeof(ulong) <= left.Length; index += sizeof(ulong))
        {
            if (Fold(MemoryMarshal.Read<ulong>(left[index..])) != Fold(MemoryMarshal.Read<ulong>(right[index..])))
            {
                return false;
            }
        }

        for (; index < left.Length; index++)
        {
            if (ToLower(left[index]) != ToLower(right[index]))
            {
                return false;
            }
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Fold(Vector128<byte> octets)
    {
        var offset = octets - Vector128.Create((byte)'A');
        var upper = Vector128.LessThanOrEqual(offset, Vector128.Create((byte)('Z' - 'A')));
        return octets | (upper & Vector128.Create((byte)0x20));
    }

    // Eight octets at once: the sum carries into an octet's top bit where the octet is at least 'A' (or past 'Z').
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong octets)
    {
        const ulong Tops = 0x8080808080808080;
        var low = octets & ~Tops;
        var atLeastA = low + (0x0101010101010101UL * (0x80 - 'A'));
        var pastZ = low + (0x0101010101010101UL * (0x80 - 'Z' - 1));
        var upper = atLeastA & ~pastZ & ~octets & Tops;
        return octets | (upper >> 2);
    }
}
