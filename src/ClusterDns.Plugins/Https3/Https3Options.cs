namespace ClusterDns.Plugins.Https3;

/// <summary>Limits of DNS over HTTP/3.</summary>
/// <param name="MaxStreams">Requests open at once on one connection; 0: no limit but QUIC's own.</param>
/// <param name="MaxConnections">Connections open at once; 0: no limit.</param>
internal sealed record Https3Options(int MaxStreams = 256, int MaxConnections = 200);
