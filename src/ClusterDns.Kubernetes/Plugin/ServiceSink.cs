using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Sources;

namespace ClusterDns.Kubernetes.Plugin;

/// <summary>Puts Services into the records, and notes how long a change took to come from the cluster to them.</summary>
internal sealed class ServiceSink(KubernetesState state, ProgrammingLatency latency) : IObjectSink<Service>
{
    private readonly IObjectSink<Service> _records = state.Records;

    public void Upsert(Service? old, Service @new)
    {
        _records.Upsert(old, @new);
        if (old?.ChangedAt != @new.ChangedAt && latency.IsMeasuring)
        {
            latency.Change(@new, @new.ChangedAt);
        }
    }

    public void Delete(Service old) => _records.Delete(old);

    public void Synced() => _records.Synced();
}
