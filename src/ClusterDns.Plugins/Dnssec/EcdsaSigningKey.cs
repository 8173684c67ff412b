using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using ClusterDns.Protocol.Dnssec;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Plugins.Dnssec;

/// <summary>P-256 and P-384 (RFC 6605): a signature is r and s, each padded to the curve's size.</summary>
internal sealed class EcdsaSigningKey : SigningKey
{
    private readonly ECParameters _public;
    private readonly HashAlgorithmName _hash;
    private readonly KeyPool<ECDsa> _keys;

    private EcdsaSigningKey(DnsName owner, byte[] dnskey, ECParameters parameters, HashAlgorithmName hash)
        : base(owner, dnskey)
    {
        _public = parameters with { D = null };
        _hash = hash;
        _keys = new KeyPool<ECDsa>(() => ECDsa.Create(parameters));
    }

    public override byte[] Sign(byte[] octets) => _keys.Use(
        (octets, _hash),
        static (key, input) => key.SignData(input.octets, input._hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));

    public override bool Verifies(byte[] octets, byte[] signature)
    {
        using var key = ECDsa.Create(_public);
        return key.VerifyData(octets, signature, _hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    public static bool TryCreate(
        DnsName owner, byte[] dnskey, PrivateKeyFields fields, [NotNullWhen(true)] out SigningKey? key, out string error)
    {
        var isP256 = DnskeyRdata.Algorithm(dnskey) is DnssecAlgorithm.ECDSAP256SHA256;
        var size = isP256 ? 32 : 48;
        var point = DnskeyRdata.PublicKey(dnskey);
        key = null;
        if (point.Length != 2 * size)
        {
            error = $"found a public key of {point.Length} octets, expected {2 * size}";
            return false;
        }

        if (!fields.TryGet("PrivateKey", size, out var scalar, out error))
        {
            return false;
        }

        var parameters = new ECParameters
        {
            Curve = isP256 ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384,
            Q = new ECPoint { X = point[..size].ToArray(), Y = point[size..].ToArray() },
            D = scalar,
        };
        key = new EcdsaSigningKey(owner, dnskey, parameters, isP256 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA384);
        return true;
    }
}
