using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace ClusterDns.Testing.Dnssec;

/// <summary>Makes DNSSEC keys and writes them as BIND's tools do, sharing no code with the product.</summary>
internal static class KeyMaker
{
    /// <summary>A new key's two files as text.</summary>
    /// <param name="algorithm">5, 7, 8, 10, 13, 14, 15 or 16.</param>
    /// <param name="flags">256 or 257.</param>
    public static MadeKey Make(string zone, int algorithm, int flags = 257)
    {
        var (publicKey, fields) = algorithm switch
        {
            13 => MakeEcdsa(ECCurve.NamedCurves.nistP256),
            14 => MakeEcdsa(ECCurve.NamedCurves.nistP384),
            15 => MakeEd25519(),
            16 => MakeEd448(),
            _ => MakeRsa(),
        };
        byte[] rdata = [(byte)(flags >> 8), (byte)flags, 3, (byte)algorithm, .. publicKey];
        var name = algorithm switch
        {
            5 => "RSASHA1",
            7 => "NSEC3RSASHA1",
            8 => "RSASHA256",
            10 => "RSASHA512",
            13 => "ECDSAP256SHA256",
            14 => "ECDSAP384SHA384",
            15 => "ED25519",
            _ => "ED448",
        };
        return new MadeKey(
            zone,
            algorithm,
            flags,
            Tag(rdata),
            $"; This is a key, keyid {Tag(rdata)}, for {zone}\n{zone} IN DNSKEY {flags} 3 {algorithm} {Convert.ToBase64String(publicKey)}\n",
            $"Private-key-format: v1.3\nAlgorithm: {algorithm} ({name})\n{fields}Created: 20261123070458\n");
    }

    private static (byte[] Public, string Fields) MakeEcdsa(ECCurve curve)
    {
        using var key = ECDsa.Create(curve);
        var parameters = key.ExportParameters(includePrivateParameters: true);
        return ([.. parameters.Q.X!, .. parameters.Q.Y!], $"PrivateKey: {Convert.ToBase64String(parameters.D!)}\n");
    }

    private static (byte[] Public, string Fields) MakeRsa()
    {
        using var key = RSA.Create(2048);
        var parameters = key.ExportParameters(includePrivateParameters: true);
        var fields = new StringBuilder();
        foreach (var (name, octets) in new[]
        {
            ("Modulus", parameters.Modulus), ("PublicExponent", parameters.Exponent), ("PrivateExponent", parameters.D),
            ("Prime1", parameters.P), ("Prime2", parameters.Q), ("Exponent1", parameters.DP), ("Exponent2", parameters.DQ),
            ("Coefficient", parameters.InverseQ),
        })
        {
            // Numbers are written without zeros in front, as OpenSSL's BN_bn2bin has it.
            fields.Append($"{name}: {Convert.ToBase64String(octets.AsSpan().TrimStart((byte)0))}\n");
        }

        return ([(byte)parameters.Exponent!.Length, .. parameters.Exponent, .. parameters.Modulus!], fields.ToString());
    }

    private static (byte[] Public, string Fields) MakeEd25519()
    {
        var seed = RandomNumberGenerator.GetBytes(Ed25519.SecretKeySize);
        var key = new byte[Ed25519.PublicKeySize];
        Ed25519.GeneratePublicKey(seed, 0, key, 0);
        return (key, $"PrivateKey: {Convert.ToBase64String(seed)}\n");
    }

    private static (byte[] Public, string Fields) MakeEd448()
    {
        var seed = RandomNumberGenerator.GetBytes(Ed448.SecretKeySize);
        var key = new byte[Ed448.PublicKeySize];
        Ed448.GeneratePublicKey(seed, 0, key, 0);
        return (key, $"PrivateKey: {Convert.ToBase64String(seed)}\n");
    }

    private static ushort Tag(byte[] rdata)
    {
        uint sum = 0;
        for (var index = 0; index + 1 < rdata.Length; index += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(rdata.AsSpan(index));
        }

        sum += rdata.Length % 2 == 0 ? 0 : (uint)rdata[^1] << 8;
        return (ushort)(sum + (sum >> 16));
    }
}
