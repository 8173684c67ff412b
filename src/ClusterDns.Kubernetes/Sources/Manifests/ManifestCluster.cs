using ClusterDns.Kubernetes.Objects;

namespace ClusterDns.Kubernetes.Sources.Manifests;

/// <summary>What a cluster would make of a set of manifests.</summary>
internal sealed record ManifestCluster(
    Namespace[] Namespaces, Service[] Services, EndpointSlice[] Slices, Pod[] Pods, ServiceImport[] Imports);
