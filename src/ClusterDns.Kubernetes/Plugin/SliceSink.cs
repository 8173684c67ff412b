using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Records;
using ClusterDns.Kubernetes.Sources;

namespace ClusterDns.Kubernetes.Plugin;

/// <summary>
/// Puts endpoints into the records, and notes how long a change took to come from the cluster to them.
/// </summary>
internal sealed class SliceSink(KubernetesState state, ProgrammingLatency latency) : IObjectSink<EndpointSlice>
{
    public void Upsert(EndpointSlice? old, EndpointSlice @new)
    {
        // What is remembered of the older state may be brought up to date meanwhile.
        var triggered = @new.TriggerTime is { } trigger && old?.TriggerTime != trigger ? @new.TriggerTime : null;
        var written = old?.ChangedAt != @new.ChangedAt ? @new.ChangedAt : 0;
        state.Records.Upsert(old, @new);
        if ((triggered is not null || written != 0) && latency.IsMeasuring)
        {
            Note(@new, triggered, written);
        }
    }

    public void Delete(EndpointSlice old) => state.Records.Delete(old);

    public void Synced() => state.Records.Synced();

    private void Note(EndpointSlice slice, DateTimeOffset? triggered, uint written)
    {
        if (slice.ServiceName is not { } name
            || LabelText.ToWire(name, slice.Namespace) is not { } key
            || state.Records.Find(key) is not { Service: { } service, Records: { } records })
        {
            return;
        }

        if (triggered is { } at)
        {
            latency.Endpoints(records.Kind is ServiceKind.Headless, at);
            latency.Change(service, at);
        }
        else
        {
            latency.Change(service, written);
        }
    }
}
