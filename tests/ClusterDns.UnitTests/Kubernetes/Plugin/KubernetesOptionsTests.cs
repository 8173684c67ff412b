using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Kubernetes.Plugin;
using ClusterDns.UnitTests.Corefile;
using Xunit;

namespace ClusterDns.UnitTests.Kubernetes.Plugin;

public sealed class KubernetesOptionsTests
{
    private readonly ServerServices _services = new ClusterHarness().State.Services;

    [Fact]
    public void Read_takes_every_property()
    {
        var options = Read(
            """
            kubernetes Cluster.Local k8s.example.org 10.96.0.0/16 {
                kubeconfig /etc/kube/config ctx
                apiserver_qps 1.5
                apiserver_burst 10
                apiserver_max_inflight 0
                namespaces shop data
                labels app in (a, b),!c
                pods verified
                endpoint_pod_names
                ttl 3600
                zonal
                ignore empty_service
                multicluster k8s.example.org
                startup_timeout 1m30s
                fallthrough in-addr.arpa
            }
            """);

        Assert.Equal(["cluster.local.", "k8s.example.org.", "96.10.in-addr.arpa."], options.Zones.Select(static zone => zone.ToString()));
        Assert.Equal("cluster.local.", options.PrimaryZone.ToString());
        Assert.Equal(["k8s.example.org."], options.MulticlusterZones.Select(static zone => zone.ToString()));
        Assert.Equal(["in-addr.arpa."], options.Fallthrough.Zones.Select(static zone => zone.ToString()));
        Assert.Equal(("/etc/kube/config", "ctx"), (options.Sync.KubeconfigFile, options.Sync.KubeconfigContext));
        Assert.Equal(["shop", "data"], options.Sync.Namespaces);
        Assert.Equal("app in (a, b),!c", options.Sync.LabelSelector);
        Assert.Equal((3600u, PodMode.Verified, TimeSpan.FromSeconds(90)), (options.Ttl, options.PodMode, options.StartupTimeout));
        Assert.True(options.Records is { EndpointPodNames: true, Zonal: true, IgnoreEmptyService: true });
    }

    [Theory]
    [InlineData("off", 0)]
    [InlineData("5m", 300)]
    public void Read_takes_the_interval_of_audits(string word, int seconds)
    {
        Assert.Equal(TimeSpan.FromMinutes(30), Read("kubernetes cluster.local").Sync.AuditInterval);
        Assert.Equal(TimeSpan.FromSeconds(seconds), Read($"kubernetes cluster.local {{\n audit {word}\n}}").Sync.AuditInterval);
        Assert.Throws<CorefileException>(() => Read("kubernetes cluster.local {\n audit 10s\n}"));
    }

    [Fact]
    public void Read_has_the_defaults_of_CoreDNS()
    {
        var options = Read("kubernetes cluster.local");

        Assert.Equal(
            (5u, PodMode.Disabled, TimeSpan.FromSeconds(5)), (options.Ttl, options.PodMode, options.StartupTimeout));
        Assert.Empty(options.Fallthrough.Zones);
        Assert.False(options.NoEndpoints);
    }

    [Fact]
    public void Read_takes_the_zones_of_the_block_where_none_are_named()
    {
        var options = Read("kubernetes");

        Assert.Equal("example.org.", options.PrimaryZone.ToString());
    }

    [Theory]
    [InlineData("kubernetes in-addr.arpa", "non-reverse zone name must be used")]
    [InlineData("kubernetes a {\n upstream\n}", "unknown property 'upstream'")]
    [InlineData("kubernetes a {\n ttl 3601\n}", "from 0 to 3600")]
    [InlineData("kubernetes a {\n ttl\n}", "1 argument")]
    [InlineData("kubernetes a {\n pods some\n}", "verified")]
    [InlineData("kubernetes a {\n ignore something\n}", "empty_service")]
    [InlineData("kubernetes a {\n multicluster b\n}", "b.")]
    [InlineData("kubernetes a {\n namespaces x\n namespace_labels y\n}", "cannot both be set")]
    [InlineData("kubernetes a {\n zonal\n noendpoints\n}", "cannot both be set")]
    [InlineData("kubernetes a {\n manifests x\n endpoint http://127.0.0.1\n}", "manifests cannot be set")]
    [InlineData("kubernetes a {\n tls a b\n}", "3 arguments")]
    [InlineData("kubernetes a {\n tls a b c\n}", "tls needs an endpoint")]
    [InlineData("kubernetes a {\n labels a in b\n}", "label selector")]
    [InlineData("kubernetes a {\n apiserver_qps -1\n}", "0 or more")]
    [InlineData("kubernetes a {\n startup_timeout 5\n}", "duration")]
    [InlineData("kubernetes a {\n noendpoints {\n }\n}", "a block")]
    public void Read_refuses_mistakes(string text, string expected)
    {
        var error = Assert.Throws<CorefileException>(() => Read(text));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("Corefile:", error.Message, StringComparison.Ordinal);
    }

    private KubernetesOptions Read(string text)
    {
        var block = CorefileText.Read($"example.org 10.0.0.0/8 {{\n{text}\n}}").Blocks[0];
        return KubernetesOptionsReader.Read(block.Directives[0], new BlockContext(block, _services));
    }
}
