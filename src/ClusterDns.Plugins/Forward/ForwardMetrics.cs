using ClusterDns.Core.Telemetry;

namespace ClusterDns.Plugins.Forward;

/// <summary>The families of metrics that all forwarders share.</summary>
internal sealed class ForwardMetrics
{
    private const string ProxyName = "proxy_name";
    private const string To = "to";
    private const string Proto = "proto";

    public ForwardMetrics(MetricRegistry registry)
    {
        HealthcheckBroken = registry
            .Counter("coredns_forward_healthcheck_broken_total", "Queries that found every upstream down.").With();
        ConcurrentRejects = registry
            .Counter("coredns_forward_max_concurrent_rejects_total", "Queries rejected because of max_concurrent.").With();
        RequestDuration = registry.Histogram(
            "coredns_proxy_request_duration_seconds", "Time an upstream took to answer.", TimeBounds(), 1e-9, ProxyName, To, "rcode");
        HealthcheckFailures = registry.Counter(
            "coredns_proxy_healthcheck_failures_total", "Health checks that failed.", ProxyName, To);
        ConnectionHits = registry.Counter(
            "coredns_proxy_conn_cache_hits_total", "Queries sent on a connection that was open.", ProxyName, To, Proto);
        ConnectionMisses = registry.Counter(
            "coredns_proxy_conn_cache_misses_total", "Queries that a connection was opened for.", ProxyName, To, Proto);
    }

    public Counter HealthcheckBroken { get; }

    public Counter ConcurrentRejects { get; }

    /// <summary>In nanoseconds.</summary>
    public MetricFamily<Histogram> RequestDuration { get; }

    public MetricFamily<Counter> HealthcheckFailures { get; }

    public MetricFamily<Counter> ConnectionHits { get; }

    public MetricFamily<Counter> ConnectionMisses { get; }

    /// <summary>0.25 ms · 2^n, n = 0 to 15, in nanoseconds.</summary>
    public static long[] TimeBounds()
    {
        var bounds = new long[16];
        for (var n = 0; n < bounds.Length; n++)
        {
            bounds[n] = 250_000L << n;
        }

        return bounds;
    }
}
