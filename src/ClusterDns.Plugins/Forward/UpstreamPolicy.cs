namespace ClusterDns.Plugins.Forward;

/// <summary>In which order a query tries the upstreams.</summary>
internal enum UpstreamPolicy : byte
{
    /// <summary>Every permutation is as likely.</summary>
    Random,

    /// <summary>The first one moves on by one with each query; the others follow in the order of the Corefile.</summary>
    RoundRobin,

    /// <summary>The order of the Corefile.</summary>
    Sequential,

    /// <summary>The faster of two drawn at random first, then the others.</summary>
    Fastest,
}
