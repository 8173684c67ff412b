namespace ClusterDns.Server.Transports.Proxying;

/// <summary>What was found where a PROXY header may stand.</summary>
internal enum ProxyHeaderStatus : byte
{
    /// <summary>Something else.</summary>
    Absent,

    /// <summary>A whole header.</summary>
    Present,

    /// <summary>Perhaps the beginning of one: more is needed to tell.</summary>
    Incomplete,

    /// <summary>One that is malformed or too long.</summary>
    Malformed,
}
