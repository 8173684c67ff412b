using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Sources;

namespace ClusterDns.Kubernetes.Sync;

/// <summary>Puts what was known before into the stores that reflectors are going to keep.</summary>
internal sealed class RestoreTarget(GrowthPace growth) : IRestoreTarget
{
    public StoreSet<Namespace> Namespaces { get; } = new(growth);

    public StoreSet<Service> Services { get; } = new(growth);

    public StoreSet<EndpointSlice> Slices { get; } = new(growth);

    public StoreSet<Pod> Pods { get; } = new(growth);

    public StoreSet<EndpointSlice> ImportSlices { get; } = new(growth);

    public StoreSet<ServiceImport> Imports { get; } = new(growth);

    public void Put(Namespace item) => Namespaces.Put(item);

    public void Put(Service item) => Services.Put(item);

    public void Put(EndpointSlice item) => (item.MulticlusterServiceName is null ? Slices : ImportSlices).Put(item);

    public void Put(Pod item) => Pods.Put(item);

    public void Put(ServiceImport item) => Imports.Put(item);

    public void Discard()
    {
        Namespaces.Discard();
        Services.Discard();
        Slices.Discard();
        Pods.Discard();
        ImportSlices.Discard();
        Imports.Discard();
    }
}
