namespace ClusterDns.Protocol.Records;

/// <summary>
/// Where the names are in a type's RDATA: fixed octets, then character-strings, then names, then a tail. That is enough to
/// unpack, check and compress every type that has names in it; all others are opaque (RFC 3597 §3).
/// </summary>
/// <param name="Prefix">Octets before everything else.</param>
/// <param name="Strings">Character-strings behind the prefix; <see cref="AnyStrings"/>: one or more up to the end.</param>
/// <param name="Names">Names behind the strings.</param>
/// <param name="Tail">Octets behind the names; <see cref="AnyTail"/>: any number.</param>
/// <param name="Compressible">The names may be compressed when sent (RFC 3597 §4: only types of RFC 1035).</param>
public readonly record struct RdataLayout(byte Prefix, byte Strings, byte Names, short Tail, bool Compressible)
{
    public const short AnyTail = -1;
    public const byte AnyStrings = 255;

    private static readonly RdataLayout Opaque = new(0, 0, 0, AnyTail, false);
    private static readonly RdataLayout CompressibleName = new(0, 0, 1, 0, true);

    /// <summary>The layout of a type; opaque where nothing is known of it.</summary>
    public static RdataLayout Of(RecordType type) => type switch
    {
        RecordType.A => new(4, 0, 0, 0, false),
        RecordType.AAAA => new(16, 0, 0, 0, false),
        RecordType.NS or RecordType.CNAME or RecordType.PTR or RecordType.MB or RecordType.MD or RecordType.MF
            or RecordType.MG or RecordType.MR => CompressibleName,
        RecordType.SOA => new(0, 0, 2, 20, true),
        RecordType.MX => new(2, 0, 1, 0, true),
        RecordType.MINFO => new(0, 0, 2, 0, true),
        RecordType.TXT or RecordType.SPF or RecordType.NINFO or RecordType.AVC or RecordType.RESINFO
            or RecordType.WALLET => new(0, AnyStrings, 0, 0, false),
        RecordType.HINFO => new(0, 2, 0, 0, false),
        RecordType.SRV => new(6, 0, 1, 0, false),
        RecordType.NAPTR => new(4, 3, 1, 0, false),
        RecordType.DNAME or RecordType.NSAPPTR => new(0, 0, 1, 0, false),
        RecordType.RP or RecordType.TALINK => new(0, 0, 2, 0, false),
        RecordType.AFSDB or RecordType.RT or RecordType.KX or RecordType.LP => new(2, 0, 1, 0, false),
        RecordType.PX => new(2, 0, 2, 0, false),
        RecordType.SVCB or RecordType.HTTPS => new(2, 0, 1, AnyTail, false),
        RecordType.RRSIG or RecordType.SIG => new(18, 0, 1, AnyTail, false),
        RecordType.NSEC or RecordType.NXT => new(0, 0, 1, AnyTail, false),
        RecordType.DS or RecordType.CDS or RecordType.DNSKEY or RecordType.CDNSKEY or RecordType.KEY
            or RecordType.DLV or RecordType.TA => new(4, 0, 0, AnyTail, false),
        RecordType.TLSA or RecordType.SMIMEA => new(3, 0, 0, AnyTail, false),
        _ => Opaque,
    };
}
