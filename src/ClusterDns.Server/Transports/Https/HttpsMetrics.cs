using ClusterDns.Core.Telemetry;

namespace ClusterDns.Server.Transports.Https;

/// <summary>How many requests of one listener ended with which status. A series appears when it has something to show.</summary>
internal sealed class HttpsMetrics(MetricFamily<Counter> responses, string server)
{
    private readonly Lazy<Counter> _ok = new(() => responses.With(server, "200"));
    private readonly Dictionary<int, Lazy<Counter>> _others = new()
    {
        [400] = new(() => responses.With(server, "400")),
        [404] = new(() => responses.With(server, "404")),
        [413] = new(() => responses.With(server, "413")),
        [500] = new(() => responses.With(server, "500")),
        [503] = new(() => responses.With(server, "503")),
    };

    public void Count(int status) => (status == 200 ? _ok : _others[status]).Value.Increment(Thread.GetCurrentProcessorId());
}
