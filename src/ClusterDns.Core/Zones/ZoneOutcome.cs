namespace ClusterDns.Core.Zones;

/// <summary>How a search in a zone ended.</summary>
public enum ZoneOutcome : byte
{
    /// <summary>There is data, or an alias chain that is not followed further.</summary>
    Success,

    /// <summary>The name exists, but not with this type (RFC 2308 §2.2).</summary>
    NoData,

    /// <summary>The name does not exist (RFC 2308 §2.1).</summary>
    NXDomain,

    /// <summary>The name lies behind a zone cut.</summary>
    Referral,

    /// <summary>An alias leads out of the zone; the authority section is left to the caller.</summary>
    OutOfZone,

    /// <summary>A DNAME makes a name of more than 255 octets (RFC 6672 §2.2).</summary>
    TooLong,

    /// <summary>A DNAME leads to itself.</summary>
    Loop,
}
