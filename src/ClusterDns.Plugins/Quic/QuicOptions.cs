namespace ClusterDns.Plugins.Quic;

/// <summary>Limits of DNS over QUIC.</summary>
/// <param name="MaxStreams">Streams, which is queries, open at once on one connection.</param>
/// <param name="WorkerPoolSize">Queries of all connections that are worked on at once.</param>
internal sealed record QuicOptions(int MaxStreams = 256, int WorkerPoolSize = 1024)
{
    /// <summary>Connections open at once; CoreDNS's figure, which no option changes.</summary>
    public const int MaxConnections = 200;
}
