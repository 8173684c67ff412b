using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace ClusterDns.Protocol.Names;

/// <summary>
/// Hash of a lower-cased name, under keys drawn once per process from a cryptographic generator: names come from the network,
/// and a chosen set of them must not fall into one bucket.
/// </summary>
/// <remarks>
/// The octets are summed as the function NH of UMAC does (RFC 4418 §5.2.2): each pair of 32-bit words, a secret word added to
/// either, is multiplied into 64 bits. Whoever does not know the keys finds no two names whose sums are equal with a
/// likelihood of more than some 2^-32. The sum is then mixed, so that any of its bits can choose a bucket.
/// </remarks>
public static class NameHash
{
    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;

    // Octets that there are keys for: a name and more. The seed of the mixing follows them.
    private const int MaxSummed = 256;

    private static readonly byte[] Keys = RandomNumberGenerator.GetBytes(MaxSummed + sizeof(ulong));

    public static int Compute(ReadOnlySpan<byte> lowerCased) => (int)Compute64(lowerCased);

    /// <summary>All 64 bits, for keys that mix in a type or a class.</summary>
    public static ulong Compute64(ReadOnlySpan<byte> lowerCased)
    {
        if (lowerCased.Length is < OctetBlock.Size or > MaxSummed)
        {
            return ComputeUnusual(lowerCased);
        }

        // The length is in it, for octets that stand in two blocks would else stand for themselves twice.
        ref var keys = ref MemoryMarshal.GetArrayDataReference(Keys);
        return Fold(((ulong)lowerCased.Length * Multiplier) + Sum(lowerCased, ref keys), ref keys);
    }

    /// <summary>Mixes one more value into a hash.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Mix(ulong state, ulong value) => Fold(state ^ value, ref MemoryMarshal.GetArrayDataReference(Keys));

    // Labels and addresses are shorter than a block; RDATA may be longer than the keys: its parts are mixed one after the
    // other, so that their order counts.
    private static ulong ComputeUnusual(ReadOnlySpan<byte> octets)
    {
        ref var keys = ref MemoryMarshal.GetArrayDataReference(Keys);
        var state = (ulong)octets.Length * Multiplier;
        for (; octets.Length > MaxSummed; octets = octets[MaxSummed..])
        {
            state = Fold(state + Sum(octets[..MaxSummed], ref keys), ref keys);
        }

        if (octets.Length >= OctetBlock.Size)
        {
            return Fold(state + Sum(octets, ref keys), ref keys);
        }

        var block = OctetBlock.OfShort(ref MemoryMarshal.GetReference(octets), octets.Length);
        return Fold(state + Vector128.Sum(Multiply(block, OctetBlock.At(ref keys, 0))), ref keys);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong mixed, ref byte keys)
    {
        // The two halves multiplied, each under a part of the seed, so that nobody outside knows what meets what; and a
        // product that loses nothing. A multiplication of 64 by 64 bits would do, but not every processor that we are
        // compiled for has it in one instruction.
        //
        // SAFETY: there are keys of MaxSummed octets, and eight more.
        var seed = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref keys, MaxSummed));
        var product = (ulong)((uint)mixed ^ (uint)seed) * ((uint)(mixed >> 32) ^ (uint)(seed >> 32));
        return product ^ BitOperations.RotateLeft(mixed * Multiplier, 32);
    }

    // Of one block at least.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Sum(ReadOnlySpan<byte> octets, ref byte keys)
    {
        // SAFETY: the last block begins sixteen octets before the end, the others before that; keys are read as far as
        // octets rounded up to whole blocks, at most MaxSummed.
        ref var first = ref MemoryMarshal.GetReference(octets);
        var sums = Vector128<ulong>.Zero;
        var last = (nuint)(octets.Length - OctetBlock.Size);
        nuint offset = 0;
        for (; offset < last; offset += OctetBlock.Size)
        {
            sums += Multiply(OctetBlock.At(ref first, offset), OctetBlock.At(ref keys, offset));
        }

        return Vector128.Sum(sums + Multiply(OctetBlock.At(ref first, last), OctetBlock.At(ref keys, offset)));
    }

    // Two products of two words each.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Multiply(Vector128<byte> octets, Vector128<byte> key)
    {
        var words = octets.AsUInt32() + key.AsUInt32();
        var high = words.AsUInt64() >>> 32;
        return Sse2.IsSupported
            ? Sse2.Multiply(words, high.AsUInt32())
            : (words.AsUInt64() & Vector128.Create((ulong)uint.MaxValue)) * high;
    }
}
