namespace ClusterDns.Plugins.Log;

/// <summary>Kinds of responses that a rule logs.</summary>
[Flags]
internal enum LogClasses : byte
{
    None = 0,

    /// <summary>Answers and referrals.</summary>
    Success = 1,

    /// <summary>NXDOMAIN and NODATA.</summary>
    Denial = 2,

    /// <summary>Every other response code, transfers and NOTIFY.</summary>
    Error = 4,

    All = Success | Denial | Error,
}
