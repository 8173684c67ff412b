using ClusterDns.Core.Telemetry;

namespace ClusterDns.Server.Transports;

/// <summary>What one listener dropped by <c>shed</c>. A series appears when it has something to show.</summary>
internal sealed class ShedMetrics(MetricRegistry registry, string server)
{
    private readonly Lazy<Counter> _queries = new(() => Dropped(registry).With(server, "query"));
    private readonly Lazy<Counter> _responses = new(() => Dropped(registry).With(server, "response"));

    public void Query(int worker) => _queries.Value.Increment(worker);

    public void Responses(int count, int worker)
    {
        if (count > 0)
        {
            _responses.Value.Add(count, worker);
        }
    }

    private static MetricFamily<Counter> Dropped(MetricRegistry registry) => registry.Counter(
        "coredns_shed_dropped_total", "Counter of queries and responses dropped under overload.", "server", "reason");
}
