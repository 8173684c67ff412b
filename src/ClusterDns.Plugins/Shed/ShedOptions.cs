namespace ClusterDns.Plugins.Shed;

/// <summary>Says that a block's UDP sockets shed load; there is nothing to choose.</summary>
internal sealed record ShedOptions
{
    /// <summary>Queries of one socket that may wait for a worker, and as many for an upstream; CoreDNS's figure.</summary>
    public const int Capacity = 1024;
}
