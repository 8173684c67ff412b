using System.Buffers.Binary;
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
        var state = Seed ^ ((ulong)lowerCased.Length * Multiplier);
        while (lowerCased.Length >= sizeof(ulong))
        {
            state = Mix(state, BinaryPrimitives.ReadUInt64LittleEndian(lowerCased));
            lowerCased = lowerCased[sizeof(ulong)..];
        }

        ulong tail = 0;
        for (var index = 0; index < lowerCased.Length; index++)
        {
            tail |= (ulong)lowerCased[index] << (index * 8);
        }

        return Mix(state, tail ^ Multiplier);
    }

    /// <summary>Mixes one more value into a hash.</summary>
    public static ulong Mix(ulong state, ulong value)
    {
        var high = Math.BigMul(state ^ value, Multiplier ^ Seed, out var low);
        return high ^ low;
    }
}
