using System.Globalization;

namespace ClusterDns.Protocol.Presentation;

/// <summary>DNSSEC algorithms and certificate types by mnemonic (RFC 4034 appendix A.1, IANA; RFC 4398 §2.1).</summary>
internal static class AlgorithmText
{
    private static readonly (string Name, byte Number)[] Algorithms =
    [
        ("RSAMD5", 1), ("DH", 2), ("DSA", 3), ("RSASHA1", 5), ("DSA-NSEC3-SHA1", 6), ("RSASHA1-NSEC3-SHA1", 7),
        ("NSEC3DSA", 6), ("NSEC3RSASHA1", 7), ("RSASHA256", 8), ("RSASHA512", 10), ("ECC-GOST", 12), ("ECCGOST", 12),
        ("ECDSAP256SHA256", 13), ("ECDSAP384SHA384", 14), ("ED25519", 15), ("ED448", 16),
        ("INDIRECT", 252), ("PRIVATEDNS", 253), ("PRIVATEOID", 254),
    ];

    private static readonly (string Name, ushort Number)[] CertificateTypes =
    [
        ("PKIX", 1), ("SPKI", 2), ("PGP", 3), ("IPKIX", 4), ("ISPKI", 5), ("IPGP", 6), ("ACPKIX", 7), ("IACPKIX", 8),
        ("URI", 253), ("OID", 254),
    ];

    public static bool TryParse(ReadOnlySpan<char> text, out byte algorithm)
    {
        foreach (var (name, number) in Algorithms)
        {
            if (text.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                algorithm = number;
                return true;
            }
        }

        return byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out algorithm);
    }

    public static bool TryParseCertificateType(ReadOnlySpan<char> text, out ushort type)
    {
        foreach (var (name, number) in CertificateTypes)
        {
            if (text.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                type = number;
                return true;
            }
        }

        return ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out type);
    }

    public static string FormatCertificateType(ushort type)
    {
        foreach (var (name, number) in CertificateTypes)
        {
            if (number == type)
            {
                return name;
            }
        }

        return type.ToString(CultureInfo.InvariantCulture);
    }
}
