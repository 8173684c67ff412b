using ClusterDns.Core.Telemetry;
using ClusterDns.Kubernetes.Objects;

namespace ClusterDns.Kubernetes.Plugin;

/// <summary>
/// How long changes took to come from the cluster to the records, by kind of Service: for endpoints that a controller follows under
/// the name that CoreDNS has, and for every kind of Service under one of ours. A series is shown once it has something to show.
/// </summary>
internal sealed class ProgrammingLatency
{
    private const int Buckets = 20;
    private const long FirstBound = 1_000_000; // 1 ms in nanoseconds; each bound is twice the one before

    private static readonly string[] Kinds = ["cluster_ip", "headless_with_selector", "headless_without_selector", "external_name"];

    private readonly KubernetesState _state;
    private readonly MetricFamily<Histogram> _endpoints;
    private readonly MetricFamily<Histogram> _services;
    private readonly Histogram?[] _ofEndpoints = new Histogram?[Kinds.Length];
    private readonly Histogram?[] _ofServices = new Histogram?[Kinds.Length];

    public ProgrammingLatency(KubernetesState state)
    {
        _state = state;
        var bounds = new long[Buckets];
        for (var index = 0; index < Buckets; index++)
        {
            bounds[index] = FirstBound << index;
        }

        _endpoints = state.Services.Metrics.Histogram(
            "coredns_kubernetes_dns_programming_duration_seconds",
            "Histogram of the time (in seconds) it took to program a dns instance.", bounds, 1e-9, "service_kind");
        _services = state.Services.Metrics.Histogram(
            "clusterdns_kubernetes_programming_duration_seconds",
            "Seconds from a change of a Service or its endpoints to the records that show it; to the second where the API server says no more.",
            bounds, 1e-9, "service_kind");
    }

    /// <summary>False for what comes with the first list: it changed before anybody could have known.</summary>
    public bool IsMeasuring => _state.IsSynced;

    /// <summary>For a change of endpoints that says when it happened.</summary>
    public void Endpoints(bool isHeadless, DateTimeOffset at) => Record(_endpoints, _ofEndpoints, isHeadless ? 1 : 0, at);

    /// <summary>For a change of a Service or of its endpoints.</summary>
    public void Change(Service service, DateTimeOffset at) => Record(_services, _ofServices, KindOf(service), at);

    /// <param name="at">Unix seconds; 0 where it is not known, which is not recorded.</param>
    public void Change(Service service, uint at)
    {
        if (at != 0)
        {
            Change(service, DateTimeOffset.FromUnixTimeSeconds(at));
        }
    }

    // Of the kinds.
    private static int KindOf(Service service) =>
        service.Type is ServiceType.ExternalName ? 3 : !service.IsHeadless ? 0 : service.HasSelector ? 1 : 2;

    private void Record(MetricFamily<Histogram> family, Histogram?[] series, int kind, DateTimeOffset at)
    {
        var durations = series[kind] ??= family.With(Kinds[kind]);
        durations.Record(Math.Max(0, (_state.Services.Time.GetUtcNow() - at).Ticks * TimeSpan.NanosecondsPerTick));
    }
}
