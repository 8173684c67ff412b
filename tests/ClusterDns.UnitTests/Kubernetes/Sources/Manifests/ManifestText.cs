using ClusterDns.Kubernetes.Sources;
using ClusterDns.Kubernetes.Sources.Manifests;

namespace ClusterDns.UnitTests.Kubernetes.Sources.Manifests;

/// <summary>Builds a cluster from manifests in a test.</summary>
internal static class ManifestText
{
    public static ManifestCluster Build(string yaml, KubernetesSyncOptions? options = null)
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory("clusterdns").FullName, "all.yaml");
        try
        {
            File.WriteAllText(file, yaml);
            return ManifestClusterBuilder.Build(new ManifestFolder(file).Read(), options ?? new());
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(file)!, true); // a file in a folder has one
        }
    }
}
