using ClusterDns.Core.Telemetry;

namespace ClusterDns.Plugins.Prometheus;

/// <summary>The families that every query counts in.</summary>
internal sealed class QueryMetrics(MetricRegistry registry)
{
    private static readonly long[] SizeBounds = [0, 100, 200, 300, 400, 511, 1023, 2047, 4095, 8291, 16000, 32000, 48000, 64000];

    public MetricFamily<Counter> Requests { get; } = registry.Counter(
        "coredns_dns_requests_total", "Queries received.", "server", "zone", "view", "proto", "family", "type");

    public MetricFamily<Histogram> RequestDuration { get; } = registry.Histogram(
        "coredns_dns_request_duration_seconds", "Time from reading a query to its response, in seconds.", TimeBounds, 1e-9, "server", "zone", "view");

    public MetricFamily<Histogram> RequestSize { get; } = registry.Histogram(
        "coredns_dns_request_size_bytes", "Size of queries in octets.", SizeBounds, 1, "server", "zone", "view", "proto");

    public MetricFamily<Counter> DnssecRequests { get; } = registry.Counter(
        "coredns_dns_do_requests_total", "Queries with the DO bit set.", "server", "zone", "view");

    public MetricFamily<Histogram> ResponseSize { get; } = registry.Histogram(
        "coredns_dns_response_size_bytes", "Size of responses in octets, before compression.", SizeBounds, 1, "server", "zone", "view", "proto");

    public MetricFamily<Counter> Responses { get; } = registry.Counter(
        "coredns_dns_responses_total", "Responses by code.", "server", "zone", "view", "rcode", "plugin");

    /// <summary>0.25 ms doubled up to 8.192 s, in nanoseconds.</summary>
    public static long[] TimeBounds { get; } = [.. Enumerable.Range(0, 16).Select(static step => 250_000L << step)];
}
