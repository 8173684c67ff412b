using System.Globalization;
using ClusterDns.Core.Telemetry;
using ClusterDns.Kubernetes.Sources.Api;

namespace ClusterDns.Kubernetes.Plugin;

/// <summary>Counts requests to the API server under the names that dashboards of CoreDNS know.</summary>
internal sealed class ApiMetrics : IApiObserver
{
    // The client library of Go counts in these; nanoseconds here.
    private static readonly long[] Bounds =
    [
        5_000_000, 10_000_000, 25_000_000, 50_000_000, 100_000_000, 250_000_000, 500_000_000,
        1_000_000_000, 2_500_000_000, 5_000_000_000, 10_000_000_000,
    ];

    private readonly MetricFamily<Histogram> _durations;
    private readonly MetricFamily<Counter> _requests;

    public ApiMetrics(MetricRegistry metrics)
    {
        _durations = metrics.Histogram(
            "coredns_kubernetes_rest_client_request_duration_seconds",
            "Request latency in seconds. Broken down by verb and host.", Bounds, 1e-9, "verb", "host");

        // There is no limit to wait for, so nothing is ever recorded here.
        metrics.Histogram(
            "coredns_kubernetes_rest_client_rate_limiter_duration_seconds",
            "Client side rate limiter latency in seconds. Broken down by verb and host.", Bounds, 1e-9, "verb", "host");
        _requests = metrics.Counter(
            "coredns_kubernetes_rest_client_requests_total",
            "Number of HTTP requests, partitioned by status code, method, and host.", "code", "method", "host");
    }

    public void RequestFinished(string method, string host, int? code, TimeSpan? duration)
    {
        if (duration is { } took)
        {
            _durations.With(method, host).Record(took.Ticks * TimeSpan.NanosecondsPerTick);
        }

        _requests.With(code?.ToString(CultureInfo.InvariantCulture) ?? "<error>", method, host).Increment();
    }
}
