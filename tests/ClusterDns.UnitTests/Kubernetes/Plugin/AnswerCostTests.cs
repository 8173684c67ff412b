using ClusterDns.Kubernetes.Plugin;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing;
using Xunit;
using static ClusterDns.UnitTests.Kubernetes.Records.TestCluster;

namespace ClusterDns.UnitTests.Kubernetes.Plugin;

/// <summary>An answer costs no garbage, whatever is asked.</summary>
public sealed class AnswerCostTests
{
    private readonly ClusterHarness _harness = new ClusterHarness(ClusterHarness.Options(PodMode.Verified), local: [[192, 0, 2, 7]]).With(
        Namespace("shop"),
        Service("shop", "web", "10.96.0.1", "http/TCP/80 https/TCP/443"),
        Service("shop", "db", "None"),
        Slice("shop", "db", "db-a", "db-0@10.0.0.1 db-1@10.0.0.2"),
        Slice("shop", "db", "db-b", "db-1@10.0.0.2"),
        Alias("shop", "chain", "web.shop.svc.cluster.local"),
        Pod("shop", "a", "10.0.0.9"),
        Pod("shop", "b", "fd00::9"));

    [Theory]
    [InlineData("web.shop.svc.cluster.local", RecordType.A)]
    [InlineData("web.shop.svc.cluster.local", RecordType.AAAA)]
    [InlineData("WEB.shop.svc.CLUSTER.local", RecordType.SRV)]
    [InlineData("_http._tcp.web.shop.svc.cluster.local", RecordType.SRV)]
    [InlineData("db.shop.svc.cluster.local", RecordType.A)]
    [InlineData("db.shop.svc.cluster.local", RecordType.SRV)]
    [InlineData("db-1.db.shop.svc.cluster.local", RecordType.A)]
    [InlineData("none.shop.svc.cluster.local", RecordType.A)]
    [InlineData("www.example.com.shop.svc.cluster.local", RecordType.A)]
    [InlineData("chain.shop.svc.cluster.local", RecordType.A)]
    [InlineData("10-0-0-9.shop.pod.cluster.local", RecordType.A)]
    [InlineData("fd00--9.shop.pod.cluster.local", RecordType.AAAA)]
    [InlineData("10-0-0-8.shop.pod.cluster.local", RecordType.A)]
    [InlineData("1.0.96.10.in-addr.arpa", RecordType.PTR)]
    [InlineData("2.0.0.10.in-addr.arpa", RecordType.PTR)]
    [InlineData("9.9.9.9.in-addr.arpa", RecordType.PTR)]
    [InlineData("cluster.local", RecordType.SOA)]
    [InlineData("cluster.local", RecordType.NS)]
    [InlineData("dns-version.cluster.local", RecordType.TXT)]
    public void HandleAsync_allocates_nothing(string name, RecordType type)
    {
        _harness.Prepare(DnsName.Parse(name), type);
        for (var warm = 0; warm < 100; warm++)
        {
            _harness.Repeat();
        }

        Assert.Equal(0, Allocation.Least(() =>
        {
            for (var run = 0; run < 1000; run++)
            {
                _harness.Repeat();
            }
        }));
    }
}
