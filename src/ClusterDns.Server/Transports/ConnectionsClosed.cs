using ClusterDns.Core.Telemetry;

namespace ClusterDns.Server.Transports;

/// <summary>The metric of connections that end at the server's side.</summary>
internal static class ConnectionsClosed
{
    public static MetricFamily<Counter> Family(MetricRegistry metrics) => metrics.Counter(
        "clusterdns_connections_closed_total", "Connections the server closed before the client did.", "reason");
}
