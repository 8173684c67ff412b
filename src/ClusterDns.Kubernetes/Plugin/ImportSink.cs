using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Records;
using ClusterDns.Kubernetes.Sources;

namespace ClusterDns.Kubernetes.Plugin;

/// <summary>Puts the Services of a cluster set into records as if they were this cluster's.</summary>
internal sealed class ImportSink(ClusterZone records) : IObjectSink<ServiceImport>
{
    public void Upsert(ServiceImport? old, ServiceImport @new) =>
        records.Upsert(old is null ? null : ToService(old), ToService(@new));

    public void Delete(ServiceImport old) => records.Delete(ToService(old));

    public void Synced()
    {
    }

    private static Service ToService(ServiceImport import) => new()
    {
        Namespace = import.Namespace,
        Name = import.Name,
        ClusterIPs = import.IsHeadless ? ["None"] : import.IPs,
        Ports = import.Ports,
    };
}
