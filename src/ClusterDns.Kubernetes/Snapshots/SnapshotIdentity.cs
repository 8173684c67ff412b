using System.Security.Cryptography;
using System.Text;
using ClusterDns.Kubernetes.Plugin;

namespace ClusterDns.Kubernetes.Snapshots;

/// <summary>Tells snapshots of one cluster under one set of options from all others.</summary>
internal static class SnapshotIdentity
{
    /// <param name="cluster">What the API server is known by (<see cref="Sources.Api.ApiConnection.Identity"/>).</param>
    public static byte[] Compute(string cluster, KubernetesOptions options)
    {
        var sync = options.Sync;
        var records = options.Records;

        // Whatever decides which objects are read and which of their fields are kept; not what is made of them later.
        string[] parts =
        [
            cluster,
            .. sync.Namespaces.Order(StringComparer.Ordinal), "",
            sync.LabelSelector,
            sync.NamespaceLabelSelector,
            $"endpoints={!options.NoEndpoints} pods={options.PodMode is PodMode.Verified} imports={options.MulticlusterZones.Count > 0}",
            $"pod-names={records.EndpointPodNames} zonal={records.Zonal}",
        ];
        return SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts)));
    }
}
