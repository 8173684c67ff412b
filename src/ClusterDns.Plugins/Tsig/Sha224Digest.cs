using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Parameters;

namespace ClusterDns.Plugins.Tsig;

/// <summary>HMAC-SHA224, which the base library lacks.</summary>
internal sealed class Sha224Digest : ITsigDigest
{
    private readonly HMac _mac = new(new Org.BouncyCastle.Crypto.Digests.Sha224Digest());

    public Sha224Digest(byte[] secret) => _mac.Init(new KeyParameter(secret));

    public void Append(ReadOnlySpan<byte> octets) => _mac.BlockUpdate(octets);

    public void Finish(Span<byte> mac) => _mac.DoFinal(mac);

    public void Dispose()
    {
    }
}
