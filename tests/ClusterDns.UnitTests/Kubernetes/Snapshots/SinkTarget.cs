using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Sources;

namespace ClusterDns.UnitTests.Kubernetes.Snapshots;

/// <summary>Puts restored objects straight into sinks, without stores between, and counts them.</summary>
internal sealed class SinkTarget(ObjectSinks? sinks = null) : IRestoreTarget
{
    public int Objects { get; private set; }

    public void Put(Namespace item) => Put(sinks?.Namespaces, item);

    public void Put(Service item) => Put(sinks?.Services, item);

    public void Put(EndpointSlice item) =>
        Put(item.MulticlusterServiceName is null ? sinks?.EndpointSlices : sinks?.MulticlusterEndpointSlices, item);

    public void Put(Pod item) => Put(sinks?.Pods, item);

    public void Put(ServiceImport item) => Put(sinks?.ServiceImports, item);

    public void Discard()
    {
    }

    private void Put<T>(IObjectSink<T>? sink, T item)
        where T : ClusterObject
    {
        Objects++;
        sink?.Upsert(null, item);
    }
}
