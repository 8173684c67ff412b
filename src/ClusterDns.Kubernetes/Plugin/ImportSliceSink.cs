using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Records;
using ClusterDns.Kubernetes.Sources;

namespace ClusterDns.Kubernetes.Plugin;

/// <summary>Puts the endpoints of a cluster set's Services into records.</summary>
internal sealed class ImportSliceSink(ClusterZone records) : IObjectSink<EndpointSlice>
{
    public void Upsert(EndpointSlice? old, EndpointSlice @new) =>
        records.Upsert(old is null ? null : WithOwner(old), WithOwner(@new));

    public void Delete(EndpointSlice old) => records.Delete(WithOwner(old));

    public void Synced()
    {
    }

    // In the cluster set another label says whose a slice is.
    private static EndpointSlice WithOwner(EndpointSlice slice) => new()
    {
        Namespace = slice.Namespace,
        Name = slice.Name,
        ResourceVersion = slice.ResourceVersion,
        ServiceName = slice.MulticlusterServiceName,
        SourceCluster = slice.SourceCluster ?? "",
        AddressType = slice.AddressType,
        Endpoints = slice.Endpoints,
        Ports = slice.Ports,
    };
}
