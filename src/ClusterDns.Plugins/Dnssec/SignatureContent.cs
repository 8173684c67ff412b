using System.Security.Cryptography;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Plugins.Dnssec;

/// <summary>
/// What a signature is found by: the canonical form of the records it covers, or its SHA-256 where that is long, so that what
/// is kept stays small.
/// </summary>
internal readonly struct SignatureContent : IEquatable<SignatureContent>
{
    private const int LongestKept = 512;

    private readonly byte[] _octets;

    private SignatureContent(ulong hash, byte[] octets)
    {
        Hash = hash;
        _octets = octets;
    }

    /// <summary>Seeded: who chooses names cannot choose it.</summary>
    public ulong Hash { get; }

    /// <summary>Octets kept.</summary>
    public int Length => _octets.Length;

    /// <summary>The octets to look for: <paramref name="canonical"/> itself, or its digest in <paramref name="digest"/> (32 octets).</summary>
    public static ReadOnlySpan<byte> Shorten(ReadOnlySpan<byte> canonical, Span<byte> digest)
    {
        if (canonical.Length <= LongestKept)
        {
            return canonical;
        }

        SHA256.HashData(canonical, digest);
        return digest;
    }

    public static ulong HashOf(ReadOnlySpan<byte> shortened) => NameHash.Compute64(shortened);

    public static SignatureContent Keep(ulong hash, ReadOnlySpan<byte> shortened) => new(hash, shortened.ToArray());

    public bool Is(ulong hash, ReadOnlySpan<byte> shortened) => Hash == hash && shortened.SequenceEqual(_octets);

    public bool Equals(SignatureContent other) => Is(other.Hash, other._octets);

    public override bool Equals(object? obj) => obj is SignatureContent other && Equals(other);

    public override int GetHashCode() => (int)Hash;
}
