using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using ClusterDns.Protocol.Dnssec;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Plugins.Dnssec;

/// <summary>RSA with SHA-1, SHA-256 or SHA-512 (RFC 3110, RFC 5702).</summary>
internal sealed class RsaSigningKey : SigningKey
{
    // RFC 3110 §2, RFC 5702 §2: in octets of the modulus.
    private const int MaxModulus = 512;
    private const int MinModulus = 64;

    private readonly RSAParameters _public;
    private readonly HashAlgorithmName _hash;
    private readonly KeyPool<RSA> _keys;

    private RsaSigningKey(DnsName owner, byte[] dnskey, RSAParameters parameters, HashAlgorithmName hash)
        : base(owner, dnskey)
    {
        _public = new RSAParameters { Modulus = parameters.Modulus, Exponent = parameters.Exponent };
        _hash = hash;
        _keys = new KeyPool<RSA>(() => RSA.Create(parameters));
    }

    public override byte[] Sign(byte[] octets) => _keys.Use(
        (octets, _hash), static (key, input) => key.SignData(input.octets, input._hash, RSASignaturePadding.Pkcs1));

    public override bool Verifies(byte[] octets, byte[] signature)
    {
        using var key = RSA.Create(_public);
        return key.VerifyData(octets, signature, _hash, RSASignaturePadding.Pkcs1);
    }

    public static bool TryCreate(
        DnsName owner, byte[] dnskey, PrivateKeyFields fields, [NotNullWhen(true)] out SigningKey? key, out string error)
    {
        key = null;
        if (!TryReadPublic(DnskeyRdata.PublicKey(dnskey), out var exponent, out var modulus))
        {
            error = "found a public key that is not of RSA";
            return false;
        }

        var size = modulus.Length;
        var half = (size + 1) / 2;
        if (!fields.TryGet("PrivateExponent", size, out var d, out error)
            || !fields.TryGet("Prime1", half, out var p, out error)
            || !fields.TryGet("Prime2", half, out var q, out error)
            || !fields.TryGet("Exponent1", half, out var dp, out error)
            || !fields.TryGet("Exponent2", half, out var dq, out error)
            || !fields.TryGet("Coefficient", half, out var inverseQ, out error))
        {
            return false;
        }

        var parameters = new RSAParameters
        {
            Modulus = modulus, Exponent = exponent, D = d, P = p, Q = q, DP = dp, DQ = dq, InverseQ = inverseQ,
        };
        key = new RsaSigningKey(owner, dnskey, parameters, HashOf(DnskeyRdata.Algorithm(dnskey)));
        return true;
    }

    // RFC 3110 §2: the exponent's length in one octet, or in two behind a zero; exponent; modulus.
    private static bool TryReadPublic(ReadOnlySpan<byte> key, out byte[] exponent, out byte[] modulus)
    {
        exponent = [];
        modulus = [];
        if (key.Length < 3)
        {
            return false;
        }

        var isLong = key[0] == 0;
        int length = isLong ? BinaryPrimitives.ReadUInt16BigEndian(key[1..]) : key[0];
        var rest = key[(isLong ? 3 : 1)..];
        if (length == 0 || rest.Length - length is < MinModulus or > MaxModulus)
        {
            return false;
        }

        exponent = rest[..length].TrimStart((byte)0).ToArray();
        modulus = rest[length..].TrimStart((byte)0).ToArray();
        return exponent.Length > 0 && modulus.Length >= MinModulus;
    }

    private static HashAlgorithmName HashOf(DnssecAlgorithm algorithm) => algorithm switch
    {
        DnssecAlgorithm.RSASHA256 => HashAlgorithmName.SHA256,
        DnssecAlgorithm.RSASHA512 => HashAlgorithmName.SHA512,
        _ => HashAlgorithmName.SHA1,
    };
}
