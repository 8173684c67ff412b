using ClusterDns.Core.Telemetry;

namespace ClusterDns.Plugins.Prometheus;

/// <summary>What CoreDNS exports from the start whether or not the directive is used: dashboards and alerts name these.</summary>
internal static class StartUpFamilies
{
    private static readonly long[] HealthBounds = [.. Enumerable.Range(0, 5).Select(static step => 250_000L * (long)Math.Pow(10, step))];

    public static void Register(MetricRegistry registry, string version)
    {
        registry.Gauge("coredns_build_info", "1, with what was built as labels.", "version", "revision", "goversion")
            .With(version, BuildRevision.Value, $"dotnet{Environment.Version}").Set(1);
        registry.Counter("coredns_panics_total", "Bugs caught while answering queries.").With();
        registry.Counter("coredns_reload_failed_total", "Reloads that failed; the configuration before stayed in force.").With();
        registry.Counter("coredns_forward_healthcheck_broken_total", "Queries for which every upstream was down.").With();
        registry.Counter("coredns_forward_max_concurrent_rejects_total", "Queries refused because of max_concurrent.").With();
        registry.Counter("coredns_local_localhost_requests_total", "Queries for localhost names.").With();
        registry.Gauge("coredns_hosts_reload_timestamp_seconds", "When a hosts file was last read, in Unix time.").With();
        HealthDuration(registry).With();
        HealthFailures(registry).With();
    }

    public static MetricFamily<Histogram> HealthDuration(MetricRegistry registry) => registry.Histogram(
        "coredns_health_request_duration_seconds", "Time that a health check of its own took, in seconds.", HealthBounds, 1e-9);

    public static MetricFamily<Counter> HealthFailures(MetricRegistry registry) =>
        registry.Counter("coredns_health_request_failures_total", "Health checks of its own that failed.");
}
