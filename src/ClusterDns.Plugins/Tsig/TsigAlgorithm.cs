using System.Security.Cryptography;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Plugins.Tsig;

/// <summary>The MAC algorithms of RFC 8945 §6, without MD5, which no new system shall use and CoreDNS refuses too.</summary>
internal sealed class TsigAlgorithm
{
    private static readonly TsigAlgorithm[] All =
    [
        new("hmac-sha256.", 32, HashAlgorithmName.SHA256),
        new("hmac-sha512.", 64, HashAlgorithmName.SHA512),
        new("hmac-sha384.", 48, HashAlgorithmName.SHA384),
        new("hmac-sha1.", 20, HashAlgorithmName.SHA1),
        new("hmac-sha224.", 28, null),
    ];

    private readonly HashAlgorithmName? _hash;

    private TsigAlgorithm(string name, int macLength, HashAlgorithmName? hash)
    {
        Name = DnsName.Parse(name);
        MacLength = macLength;
        _hash = hash;
    }

    public static TsigAlgorithm Sha256 => All[0];

    /// <summary>In lower case.</summary>
    public DnsName Name { get; }

    /// <summary>Octets of a MAC that is not truncated.</summary>
    public int MacLength { get; }

    /// <summary>Null where it is not one of them.</summary>
    public static TsigAlgorithm? Find(NameSpan name)
    {
        foreach (var algorithm in All)
        {
            if (algorithm.Name.Span.Equals(name))
            {
                return algorithm;
            }
        }

        return null;
    }

    /// <summary>A computation that the caller disposes of.</summary>
    public ITsigDigest Begin(byte[] secret) => _hash is { } hash ? new SystemDigest(hash, secret) : new Sha224Digest(secret);
}
