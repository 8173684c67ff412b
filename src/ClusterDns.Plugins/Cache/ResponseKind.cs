namespace ClusterDns.Plugins.Cache;

/// <summary>What a response says, as far as keeping it goes.</summary>
internal enum ResponseKind : byte
{
    /// <summary>Nothing worth keeping: other response codes, transfers, chains that lead nowhere.</summary>
    Other,

    /// <summary>NOERROR with an answer, or an empty one that nobody vouches for.</summary>
    Positive,

    /// <summary>Aliases that do not reach the type, and no SOA to say that it is not there: told as they came, but not kept.</summary>
    Unfinished,

    /// <summary>A referral.</summary>
    Delegation,

    /// <summary>NXDOMAIN with an SOA (RFC 2308 §2.1).</summary>
    NameError,

    /// <summary>NOERROR without the type, with an SOA (RFC 2308 §2.2).</summary>
    NoData,

    /// <summary>SERVFAIL or NOTIMP (RFC 2308 §7).</summary>
    ServerFailure,
}
