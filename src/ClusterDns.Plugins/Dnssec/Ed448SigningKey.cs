using System.Diagnostics.CodeAnalysis;
using ClusterDns.Protocol.Dnssec;
using ClusterDns.Protocol.Names;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace ClusterDns.Plugins.Dnssec;

/// <summary>Ed448 (RFC 8080 §3), which the base library does not have.</summary>
internal sealed class Ed448SigningKey : SigningKey
{
    private readonly byte[] _seed;

    private Ed448SigningKey(DnsName owner, byte[] dnskey, byte[] seed)
        : base(owner, dnskey) => _seed = seed;

    public override byte[] Sign(byte[] octets)
    {
        var signature = new byte[Ed448.SignatureSize];
        Ed448.Sign(_seed, 0, [], octets, 0, octets.Length, signature, 0);
        return signature;
    }

    public override bool Verifies(byte[] octets, byte[] signature) =>
        signature.Length == Ed448.SignatureSize
        && Ed448.Verify(signature, 0, DnskeyRdata.PublicKey(Dnskey).ToArray(), 0, [], octets, 0, octets.Length);

    public static bool TryCreate(
        DnsName owner, byte[] dnskey, PrivateKeyFields fields, [NotNullWhen(true)] out SigningKey? key, out string error)
    {
        key = null;
        var length = DnskeyRdata.PublicKey(dnskey).Length;
        if (length != Ed448.PublicKeySize)
        {
            error = $"found a public key of {length} octets, expected {Ed448.PublicKeySize}";
            return false;
        }

        if (!fields.TryGet("PrivateKey", Ed448.SecretKeySize, out var seed, out error))
        {
            return false;
        }

        key = new Ed448SigningKey(owner, dnskey, seed);
        return true;
    }
}
