namespace ClusterDns.Protocol.Presentation;

/// <summary>How one field of RDATA is written in presentation form.</summary>
internal enum RdataField : byte
{
    UInt8,
    UInt16,
    UInt32,

    /// <summary>32 bits of seconds; units may be used when writing it (<c>1h30m</c>).</summary>
    Seconds,

    /// <summary>32 bits of time as YYYYMMDDHHmmSS (RFC 4034 §3.2).</summary>
    Timestamp,

    /// <summary>A TYPE's mnemonic.</summary>
    Type,

    /// <summary>A DNSSEC algorithm: its number, or its mnemonic when read (RFC 4034 appendix A.1).</summary>
    Algorithm,

    /// <summary>A certificate type: its mnemonic or number (RFC 4398 §2.1).</summary>
    CertificateType,

    Name,
    IPv4Address,
    IPv6Address,

    /// <summary>64 bits as four groups of four hexadecimal digits (RFC 6742 §2.1.2).</summary>
    Locator64,
    Eui48,
    Eui64,

    /// <summary>A character-string, written in quotes.</summary>
    String,

    /// <summary>A character-string that may be missing at the end.</summary>
    OptionalString,

    /// <summary>One or more character-strings up to the end.</summary>
    Strings,

    /// <summary>A character-string of letters and digits, written without quotes (RFC 8659 §4.1).</summary>
    Tag,

    /// <summary>All that is left as one string in quotes, without a length octet.</summary>
    QuotedRest,

    /// <summary>All that is left in hexadecimal digits; at least one octet.</summary>
    HexRest,

    /// <summary>All that is left in base 64; at least one octet.</summary>
    Base64Rest,

    /// <summary>A length octet and octets in hexadecimal, <c>-</c> for none (RFC 5155 §3.3).</summary>
    Salt,

    /// <summary>A length octet and octets in base 32 with the extended hexadecimal alphabet (RFC 5155 §3.3).</summary>
    HashedName,

    /// <summary>The set of TYPEs at an owner (RFC 4034 §4.1.2); may be empty.</summary>
    TypeBitmap,

    /// <summary>Service parameters (RFC 9460 §2.1).</summary>
    ServiceParameters,

    /// <summary>The whole RDATA of LOC (RFC 1876 §3).</summary>
    Location,

    /// <summary>The whole RDATA of APL (RFC 3123 §5).</summary>
    AddressPrefixes,

    /// <summary>The whole RDATA of IPSECKEY (RFC 4025 §3.1).</summary>
    IpsecKey,

    /// <summary>The whole RDATA of HIP (RFC 8005 §6).</summary>
    HostIdentity,
}
