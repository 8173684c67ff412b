using System.Security.Cryptography;

namespace ClusterDns.Plugins.Tsig;

/// <summary>An HMAC of the base library.</summary>
internal sealed class SystemDigest(HashAlgorithmName algorithm, byte[] secret) : ITsigDigest
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHMAC(algorithm, secret);

    public void Append(ReadOnlySpan<byte> octets) => _hash.AppendData(octets);

    public void Finish(Span<byte> mac) => _hash.GetHashAndReset(mac);

    public void Dispose() => _hash.Dispose();
}
