using System.Globalization;

namespace ClusterDns.Testing.Wire;

/// <summary>IANA's names of types, classes, flags and response codes, as the recordings spell them.</summary>
public static class Mnemonics
{
    public const ushort Opt = 41;
    public const ushort Tsig = 250;
    public const ushort InternetClass = 1;

    private static readonly Dictionary<ushort, string> TypeNames = new()
    {
        [1] = "A", [2] = "NS", [5] = "CNAME", [6] = "SOA", [7] = "MB", [8] = "MG", [9] = "MR", [10] = "NULL",
        [11] = "WKS", [12] = "PTR", [13] = "HINFO", [14] = "MINFO", [15] = "MX", [16] = "TXT", [17] = "RP",
        [18] = "AFSDB", [19] = "X25", [20] = "ISDN", [21] = "RT", [22] = "NSAP", [23] = "NSAP-PTR", [24] = "SIG",
        [25] = "KEY", [26] = "PX", [27] = "GPOS", [28] = "AAAA", [29] = "LOC", [30] = "NXT", [33] = "SRV",
        [35] = "NAPTR", [36] = "KX", [37] = "CERT", [38] = "A6", [39] = "DNAME", [41] = "OPT", [42] = "APL",
        [43] = "DS", [44] = "SSHFP", [45] = "IPSECKEY", [46] = "RRSIG", [47] = "NSEC", [48] = "DNSKEY",
        [49] = "DHCID", [50] = "NSEC3", [51] = "NSEC3PARAM", [52] = "TLSA", [53] = "SMIMEA", [55] = "HIP",
        [56] = "NINFO", [59] = "CDS", [60] = "CDNSKEY", [61] = "OPENPGPKEY", [62] = "CSYNC", [63] = "ZONEMD",
        [64] = "SVCB", [65] = "HTTPS", [99] = "SPF", [103] = "UNSPEC", [104] = "NID", [105] = "L32", [106] = "L64",
        [107] = "LP", [108] = "EUI48", [109] = "EUI64", [249] = "TKEY", [250] = "TSIG", [251] = "IXFR",
        [252] = "AXFR", [253] = "MAILB", [254] = "MAILA", [255] = "ANY", [256] = "URI", [257] = "CAA",
        [258] = "AVC", [260] = "AMTRELAY", [32768] = "TA", [32769] = "DLV",
    };

    private static readonly Dictionary<string, ushort> TypeValues =
        TypeNames.ToDictionary(static p => p.Value, static p => p.Key, StringComparer.OrdinalIgnoreCase);

    private static readonly Dictionary<ushort, string> ClassNames =
        new() { [0] = "RESERVED0", [1] = "IN", [3] = "CH", [4] = "HS", [254] = "NONE", [255] = "ANY" };

    private static readonly string[] ResponseCodes =
    [
        "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET", "NXRRSET", "NOTAUTH",
        "NOTZONE", "DSOTYPENI",
    ];

    private static readonly Dictionary<int, string> ExtendedCodes = new()
    {
        [16] = "BADVERS", [17] = "BADKEY", [18] = "BADTIME", [19] = "BADMODE", [20] = "BADNAME", [21] = "BADALG",
        [22] = "BADTRUNC", [23] = "BADCOOKIE",
    };

    private static readonly (int Bit, string Name)[] FlagNames =
    [
        (0x8000, "QR"), (0x0400, "AA"), (0x0200, "TC"), (0x0100, "RD"), (0x0080, "RA"), (0x0020, "AD"), (0x0010, "CD"),
    ];

    public static string TypeName(ushort type) => TypeNames.GetValueOrDefault(type) ?? $"TYPE{type}";

    public static ushort TypeValue(string name) =>
        TypeValues.TryGetValue(name, out ushort value)
            ? value
            : ushort.Parse(name.AsSpan("TYPE".Length), CultureInfo.InvariantCulture);

    public static string ClassName(ushort value) => ClassNames.GetValueOrDefault(value) ?? $"CLASS{value}";

    public static ushort ClassValue(string name)
    {
        foreach ((ushort value, string known) in ClassNames)
        {
            if (known.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        return ushort.Parse(name.AsSpan("CLASS".Length), CultureInfo.InvariantCulture);
    }

    public static string ResponseCode(int code) =>
        code < ResponseCodes.Length ? ResponseCodes[code] : ExtendedCodes.GetValueOrDefault(code) ?? $"{code}";

    /// <summary>The set flags in the order of the header; opcode, Z and RCODE are no flags.</summary>
    public static string Flags(int flags) =>
        string.Join(' ', FlagNames.Where(f => (flags & f.Bit) != 0).Select(static f => f.Name));

    public static int FlagBit(string name) => name is "Z" ? 0x40 : FlagNames.First(f => f.Name == name).Bit;
}
