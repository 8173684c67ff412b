using ClusterDns.Core.Telemetry;
using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Records;
using ClusterDns.Kubernetes.Sources;

namespace ClusterDns.Kubernetes.Plugin;

/// <summary>
/// Puts endpoints into the records, and notes how long a change took to come from the cluster to them.
/// </summary>
internal sealed class SliceSink : IObjectSink<EndpointSlice>
{
    private const int Buckets = 20;
    private const long FirstBound = 1_000_000; // 1 ms in nanoseconds; each bound is twice the one before

    private readonly KubernetesState _state;
    // Shown once there is something to show.
    private readonly Lazy<Histogram> _clusterIP;
    private readonly Lazy<Histogram> _headless;

    public SliceSink(KubernetesState state)
    {
        _state = state;
        var bounds = new long[Buckets];
        for (var index = 0; index < Buckets; index++)
        {
            bounds[index] = FirstBound << index;
        }

        var durations = state.Services.Metrics.Histogram(
            "coredns_kubernetes_dns_programming_duration_seconds",
            "Histogram of the time (in seconds) it took to program a dns instance.", bounds, 1e-9, "service_kind");
        _clusterIP = new Lazy<Histogram>(() => durations.With("cluster_ip"));
        _headless = new Lazy<Histogram>(() => durations.With("headless_with_selector"));
    }

    public void Upsert(EndpointSlice? old, EndpointSlice @new)
    {
        var records = _state.Records;
        // What arrives with the first list changed before anybody could have known.
        if (@new is { TriggerTime: { } trigger, ServiceName: { } service }
            && old?.TriggerTime != trigger
            && _state.IsSynced)
        {
            records.Upsert(old, @new);
            Note(records, @new.Namespace, service, _state.Services.Time.GetUtcNow() - trigger);
            return;
        }

        records.Upsert(old, @new);
    }

    public void Delete(EndpointSlice old) => _state.Records.Delete(old);

    public void Synced() => _state.Records.Synced();

    private void Note(ClusterZone records, string space, string service, TimeSpan took)
    {
        if (LabelText.ToWire(service, space) is { } key && records.Find(key)?.Records is { } found)
        {
            var durations = found.Kind is ServiceKind.Headless ? _headless : _clusterIP;
            durations.Value.Record(Math.Max(0, took.Ticks * TimeSpan.NanosecondsPerTick));
        }
    }
}
