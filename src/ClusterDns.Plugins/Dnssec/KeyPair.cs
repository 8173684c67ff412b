using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using ClusterDns.Protocol.Dnssec;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Presentation;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Dnssec;

/// <summary>Reads the two texts of a key, its DNSKEY record and its private key, into a key that signs.</summary>
internal static class KeyPair
{
    private static readonly byte[] Probe = "Do both halves belong together?"u8.ToArray();

    /// <param name="publicText">Content of <c>K*.key</c>: one DNSKEY record, comments around it.</param>
    /// <param name="publicName">How errors name it.</param>
    /// <param name="privateText">Content of <c>K*.private</c>.</param>
    /// <param name="privateName">How errors name it.</param>
    /// <param name="error">What is wrong and in which of the two, where the result is false.</param>
    public static bool TryRead(
        string publicText,
        string publicName,
        string privateText,
        string privateName,
        [NotNullWhen(true)] out SigningKey? key,
        out string error)
    {
        key = null;
        if (!TryReadPublic(publicText, publicName, out var owner, out var dnskey, out error))
        {
            return false;
        }

        if (PrivateKeyFields.Read(privateText, out error) is not { } fields)
        {
            error = $"{privateName}: {error}";
            return false;
        }

        if (fields.Algorithm != DnskeyRdata.Algorithm(dnskey))
        {
            error = $"{privateName}: found a key of algorithm {(byte)fields.Algorithm}, "
                + $"expected {(byte)DnskeyRdata.Algorithm(dnskey)} as in {publicName}";
            return false;
        }

        if (!TryCreate(owner, dnskey, fields, out key, out error))
        {
            error = $"{privateName}: {error}";
            return false;
        }

        if (!IsPair(key))
        {
            key = null;
            error = $"{privateName}: found a private key that is not the other half of {publicName}";
            return false;
        }

        return true;
    }

    private static bool TryReadPublic(
        string text, string name, [NotNullWhen(true)] out DnsName? owner, [NotNullWhen(true)] out byte[]? dnskey, out string error)
    {
        owner = null;
        dnskey = null;
        if (!RecordText.TryParse(text, origin: null, RecordText.DefaultTtl, out var record, out error))
        {
            error = $"{name}: {error}";
            return false;
        }

        if (record.Type is not RecordType.DNSKEY || !DnskeyRdata.IsZoneKey(record.Rdata))
        {
            var found = record.Type is RecordType.DNSKEY ? "key that may not sign zones" : $"{RecordTypeText.Format(record.Type)} record";
            error = $"{name}: found a {found}, expected a zone's DNSKEY record";
            return false;
        }

        owner = record.Owner;
        dnskey = record.Rdata;
        return true;
    }

    private static bool TryCreate(
        DnsName owner, byte[] dnskey, PrivateKeyFields fields, [NotNullWhen(true)] out SigningKey? key, out string error)
    {
        switch (fields.Algorithm)
        {
            case DnssecAlgorithm.ECDSAP256SHA256 or DnssecAlgorithm.ECDSAP384SHA384:
                return EcdsaSigningKey.TryCreate(owner, dnskey, fields, out key, out error);
            case DnssecAlgorithm.ED25519:
                return Ed25519SigningKey.TryCreate(owner, dnskey, fields, out key, out error);
            case DnssecAlgorithm.ED448:
                return Ed448SigningKey.TryCreate(owner, dnskey, fields, out key, out error);
            case DnssecAlgorithm.RSASHA1 or DnssecAlgorithm.RSASHA1NSEC3SHA1 or DnssecAlgorithm.RSASHA256 or DnssecAlgorithm.RSASHA512:
                return RsaSigningKey.TryCreate(owner, dnskey, fields, out key, out error);
            default:
                key = null;
                error = $"found a key of algorithm {(byte)fields.Algorithm}, expected one of 5, 7, 8, 10, 13, 14, 15, 16";
                return false;
        }
    }

    private static bool IsPair(SigningKey key)
    {
        try
        {
            return key.Verifies(Probe, key.Sign(Probe));
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
