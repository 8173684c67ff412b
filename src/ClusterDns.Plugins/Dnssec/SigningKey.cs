using ClusterDns.Protocol.Dnssec;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Plugins.Dnssec;

/// <summary>A key pair that signs RRsets. Any number of threads may sign with it at once.</summary>
/// <param name="owner">The zone it was made for.</param>
/// <param name="dnskey">RDATA of its DNSKEY record.</param>
internal abstract class SigningKey(DnsName owner, byte[] dnskey)
{
    public DnsName Owner { get; } = owner.ToLower();

    /// <summary>RDATA of the public half.</summary>
    public byte[] Dnskey { get; } = dnskey;

    public DnssecAlgorithm Algorithm { get; } = DnskeyRdata.Algorithm(dnskey);

    public ushort Tag { get; } = DnskeyRdata.KeyTag(dnskey);

    /// <summary>SEP is set: it signs the keys of a zone that also has others.</summary>
    public bool IsKeySigning { get; } = DnskeyRdata.IsSecureEntryPoint(dnskey);

    /// <summary>As in the file's name and in logs: <c>13/4191</c>.</summary>
    public override string ToString() => $"{(byte)Algorithm}/{Tag}";

    /// <summary>The signature over <paramref name="octets"/> as it stands in an RRSIG.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The key cannot be used.</exception>
    public abstract byte[] Sign(byte[] octets);

    /// <summary>True where the signature is this key's, checked with the public half alone.</summary>
    public abstract bool Verifies(byte[] octets, byte[] signature);
}
