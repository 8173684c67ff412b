namespace ClusterDns.Testing.Wire;

/// <summary>The fields of the RDATA forms in use, one character each: what the reader decompresses and the writer compresses.</summary>
/// <remarks>
/// <c>n</c> name, <c>1 2 4</c> unsigned integers, <c>t</c> type, <c>T</c> time, <c>s</c> character-string,
/// <c>S</c> character-strings to the end, <c>a</c> IPv4, <c>6</c> IPv6, <c>h</c> hex to the end, <c>b</c> base64 to the end,
/// <c>B</c> type bitmap, <c>c</c> tag and value of CAA, <c>x</c> salt, <c>H</c> hash of NSEC3, <c>p</c> SVCB parameters,
/// <c>q</c> text to the end, <c>L</c> LOC.
/// </remarks>
public static class RdataLayout
{
    private static readonly Dictionary<string, string> Fields = new()
    {
        ["A"] = "a", ["AAAA"] = "6", ["NS"] = "n", ["CNAME"] = "n", ["PTR"] = "n", ["DNAME"] = "n", ["MX"] = "2n",
        ["SOA"] = "nn44444", ["TXT"] = "S", ["SPF"] = "S", ["HINFO"] = "ss", ["RP"] = "nn", ["AFSDB"] = "2n",
        ["SRV"] = "222n", ["NAPTR"] = "22sssn", ["DS"] = "211h", ["CDS"] = "211h", ["DNSKEY"] = "211b",
        ["CDNSKEY"] = "211b", ["RRSIG"] = "t114TT2nb", ["NSEC"] = "nB", ["NSEC3"] = "112xHB", ["NSEC3PARAM"] = "112x",
        ["SSHFP"] = "11h", ["TLSA"] = "111h", ["SMIMEA"] = "111h", ["CAA"] = "1c", ["SVCB"] = "2np", ["HTTPS"] = "2np",
        ["LOC"] = "L", ["URI"] = "22q", ["OPENPGPKEY"] = "b", ["KX"] = "2n",
    };

    // The types whose names a sender may compress (RFC 3597 §4), as far as they are still seen.
    private static readonly HashSet<string> Compressible = ["NS", "CNAME", "SOA", "PTR", "MX"];

    // Forms that the class decides too (RFC 1035 §3.4).
    private static readonly HashSet<string> InternetOnly = ["A", "AAAA", "SRV", "NAPTR", "SVCB", "HTTPS", "KX"];

    /// <summary>The fields, or null where the RDATA is opaque (RFC 3597).</summary>
    public static string? For(ushort type, ushort @class)
    {
        string name = Mnemonics.TypeName(type);
        return InternetOnly.Contains(name) && @class != Mnemonics.InternetClass ? null : Fields.GetValueOrDefault(name);
    }

    public static bool MayCompress(ushort type) => Compressible.Contains(Mnemonics.TypeName(type));
}
