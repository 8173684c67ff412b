namespace ClusterDns.Plugins.Https;

/// <summary>Limits of DNS over HTTPS.</summary>
/// <param name="MaxConnections">Connections open at once; 0: no limit.</param>
internal sealed record HttpsOptions(int MaxConnections = 200);
