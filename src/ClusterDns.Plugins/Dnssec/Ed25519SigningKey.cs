using System.Diagnostics.CodeAnalysis;
using ClusterDns.Protocol.Dnssec;
using ClusterDns.Protocol.Names;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace ClusterDns.Plugins.Dnssec;

/// <summary>Ed25519 (RFC 8080 §3), which the base library does not have.</summary>
internal sealed class Ed25519SigningKey : SigningKey
{
    private readonly byte[] _seed;

    private Ed25519SigningKey(DnsName owner, byte[] dnskey, byte[] seed)
        : base(owner, dnskey) => _seed = seed;

    public override byte[] Sign(byte[] octets)
    {
        var signature = new byte[Ed25519.SignatureSize];
        Ed25519.Sign(_seed, 0, octets, 0, octets.Length, signature, 0);
        return signature;
    }

    public override bool Verifies(byte[] octets, byte[] signature) =>
        signature.Length == Ed25519.SignatureSize
        && Ed25519.Verify(signature, 0, DnskeyRdata.PublicKey(Dnskey).ToArray(), 0, octets, 0, octets.Length);

    public static bool TryCreate(
        DnsName owner, byte[] dnskey, PrivateKeyFields fields, [NotNullWhen(true)] out SigningKey? key, out string error)
    {
        key = null;
        var length = DnskeyRdata.PublicKey(dnskey).Length;
        if (length != Ed25519.PublicKeySize)
        {
            error = $"found a public key of {length} octets, expected {Ed25519.PublicKeySize}";
            return false;
        }

        if (!fields.TryGet("PrivateKey", Ed25519.SecretKeySize, out var seed, out error))
        {
            return false;
        }

        key = new Ed25519SigningKey(owner, dnskey, seed);
        return true;
    }
}
