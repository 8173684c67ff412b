using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Sources.Manifests;
using Xunit;

namespace ClusterDns.UnitTests.Kubernetes.Sources.Manifests;

/// <summary>The manifests of the demo, which newcomers see first.</summary>
public sealed class DemoManifestTests
{
    [Fact]
    public void Build_gives_every_service_of_the_demo_something_to_answer_with()
    {
        ManifestCluster cluster = ManifestClusterBuilder.Build(new ManifestFolder(Demo()).Read(), new());
        Assert.Contains(cluster.Services, item => item.Key == new ObjectKey("default", "demoservice"));
        foreach (Service service in cluster.Services.Where(item => item.Type is not ServiceType.ExternalName))
        {
            Assert.NotEmpty(service.ClusterIPs);
            if (service.IsHeadless)
            {
                Assert.Contains(cluster.Slices, slice => slice.ServiceName == service.Name
                    && slice.Namespace == service.Namespace && slice.Endpoints.Any(item => item.Ready));
            }
        }
    }

    private static string Demo()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ClusterDns.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.FullName ?? "", "manifests", "demo");
    }
}
