namespace ClusterDns.Plugins.GrpcServer;

/// <summary>Limits of DNS over gRPC.</summary>
/// <param name="MaxStreams">Calls open at once on one connection; 0: no limit.</param>
/// <param name="MaxConnections">Connections open at once; 0: no limit.</param>
internal sealed record GrpcServerOptions(int MaxStreams = 256, int MaxConnections = 200);
