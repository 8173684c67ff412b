using System.Net;
using ClusterDns.Core.Pipeline;
using ClusterDns.Kubernetes.Plugin;
using ClusterDns.Protocol.Names;
using Xunit;
using static ClusterDns.UnitTests.Kubernetes.Records.TestCluster;

namespace ClusterDns.UnitTests.Kubernetes.Plugin;

public sealed class ClusterSearchPathTests
{
    private readonly ClusterHarness _harness = new ClusterHarness(ClusterHarness.Options(PodMode.Verified)).With(
        Namespace("shop"), Pod("shop", "a", "10.0.0.1"));

    [Theory]
    [InlineData("10.0.0.1", "x.cluster.local A", "shop.svc.cluster.local. svc.cluster.local. cluster.local. example.org. .")]
    [InlineData("10.0.0.2", "x.cluster.local A", null)]
    [InlineData("10.0.0.1", "x.example.com A", null)]
    public void FindSearchPath_is_that_of_the_clients_pod(string client, string question, string? expected)
    {
        var path = new ClusterSearchPath(_harness.State, [DnsName.Parse("example.org.")]);
        var query = _harness.Run(question);
        query.Client = new SocketEndpoint(IPAddressValue.From(IPAddress.Parse(client)), 1);

        var found = path.FindSearchPath(query);

        Assert.Equal(expected, found is null ? null : string.Join(' ', found));
        for (var warm = 0; warm < 10; warm++)
        {
            path.FindSearchPath(query);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        path.FindSearchPath(query);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void ReadHost_takes_the_last_search_list()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "nameserver 10.0.0.1\nsearch old.example\nsearch A.example. b.example\noptions ndots:5\n");

        Assert.Equal(
            ["a.example.", "b.example."], ClusterSearchPath.ReadHost(file).Select(static name => name.ToString()));
        File.Delete(file);
        Assert.Empty(ClusterSearchPath.ReadHost(file));
    }
}
