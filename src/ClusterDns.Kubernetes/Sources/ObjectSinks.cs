using ClusterDns.Kubernetes.Objects;

namespace ClusterDns.Kubernetes.Sources;

/// <summary>Where a source puts what it reads; a kind without a sink is not read at all.</summary>
internal sealed class ObjectSinks
{
    public required IObjectSink<Service> Services { get; init; }

    public required IObjectSink<Namespace> Namespaces { get; init; }

    public IObjectSink<EndpointSlice>? EndpointSlices { get; init; }

    public IObjectSink<Pod>? Pods { get; init; }

    /// <summary>Slices that carry the label of the multicluster API; they come from a watch of their own.</summary>
    public IObjectSink<EndpointSlice>? MulticlusterEndpointSlices { get; init; }

    public IObjectSink<ServiceImport>? ServiceImports { get; init; }
}
