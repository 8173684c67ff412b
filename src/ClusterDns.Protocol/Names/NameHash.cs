using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ClusterDns.Protocol.Names;

/// <summary>
/// Hash of a lower-cased name, seeded once per process from a cryptographic generator: names come from the network, and
/// a chosen set of them must not fall into one bucket.
/// </summary>
public static class NameHash
{
    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;
    private static readonly ulong Seed = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8)) | 1;

    public static int Compute(ReadOnlySpan<byte> lowerCased) => (int)Compute64(lowerCased);

    /// <summary>All 64 bits, for keys that mix in a type or a class.</summary>
    public static ulong Compute64(ReadOnlySpan<byte> lowerCased)
    {
        var seed = Seed;
        var length = lowerCased.Length;
        var state = (ulong)length * Multiplier;
        if (length > sizeof(ulong))
        {
            var last = length - sizeof(ulong);
            for (var index = 0; index < last; index += sizeof(ulong))
            {
                state = Fold(state ^ MemoryMarshal.Read<ulong>(lowerCased[index..]), seed);
            }

            // The last eight octets, some of them for the second time: no octet needs a step of its own.
            state ^= MemoryMarshal.Read<ulong>(lowerCased[last..]);
        }
        else
        {
            state ^= ReadShort(lowerCased);
        }

        return Fold(Fold(state, seed), seed);
    }

    /// <summary>Mixes one more value into a hash.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Mix(ulong state, ulong value) => Fold(state ^ value, Seed);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong mixed, ulong seed)
    {
        // The two halves multiplied, each under a part of the seed, so that nobody outside knows what meets what; and a
        // product that loses nothing. A multiplication of 64 by 64 bits would do, but not every processor that we are
        // compiled for has it in one instruction.
        var product = (ulong)((uint)mixed ^ (uint)seed) * ((uint)(mixed >> 32) ^ (uint)(seed >> 32));
        return product ^ BitOperations.RotateLeft(mixed * Multiplier, 32);
    }

    // Up to eight octets: two reads that overlap, or three octets one by one.
    private static ulong ReadShort(ReadOnlySpan<byte> octets) => octets.Length switch
    {
        0 => 0,
        >= sizeof(uint) => MemoryMarshal.Read<uint>(octets)
            | ((ulong)MemoryMarshal.Read<uint>(octets[(octets.Length - sizeof(uint))..]) << 32),
        _ => octets[0] | ((ulong)octets[octets.Length / 2] << 8) | ((ulong)octets[^1] << 16),
    };
}
