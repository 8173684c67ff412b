using ClusterDns.Kubernetes.Plugin;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Wire;
using Xunit;
using static ClusterDns.UnitTests.Kubernetes.Records.TestCluster;

namespace ClusterDns.UnitTests.Kubernetes.Plugin;

public sealed class ClusterTransferTests
{
    private static readonly DnsName Zone = DnsName.Parse("cluster.local.");

    [Fact]
    public void ReadRecords_lists_services_and_endpoints_between_two_SOA_records()
    {
        var harness = new ClusterHarness(ClusterHarness.Options(PodMode.Insecure), local: [[192, 0, 2, 7]]).With(
            Namespace("a"),
            Service("a", "web", "10.96.0.1,fd00::1", "http/TCP/80 /UDP/81"),
            Service("a", "db", "None", "pg/TCP/5432"),
            Slice("a", "db", "db-a", "db-0@10.0.0.1 db-1@10.0.0.2", "pg/TCP/5432"),
            Slice("a", "db", "db-b", "db-1@10.0.0.2", "pg/TCP/5432 /TCP/1"),
            Alias("a", "out", "www.example.com"),
            Service("hidden", "web", "10.96.0.9"));

        var records = new ClusterTransfer(harness.State).ReadRecords(Zone).Select(Format).ToList();

        Assert.StartsWith(
            "cluster.local. 5 IN SOA ns.dns.cluster.local. hostmaster.cluster.local.",
            records[0],
            StringComparison.Ordinal);
        Assert.Equal(records[0], records[^1]);
        Assert.Equal(
            [
                "cluster.local. 5 IN NS ns.dns.cluster.local.",
                "ns.dns.cluster.local. 0 IN A 192.0.2.7",
                "db.a.svc.cluster.local. 5 IN A 10.0.0.1",
                "db.a.svc.cluster.local. 5 IN A 10.0.0.2",
                "db-0.db.a.svc.cluster.local. 5 IN A 10.0.0.1",
                "_pg._tcp.db.a.svc.cluster.local. 5 IN SRV 0 50 5432 db-0.db.a.svc.cluster.local.",
                "db-1.db.a.svc.cluster.local. 5 IN A 10.0.0.2",
                "_pg._tcp.db.a.svc.cluster.local. 5 IN SRV 0 50 5432 db-1.db.a.svc.cluster.local.",
                "_pg._tcp.db.a.svc.cluster.local. 5 IN SRV 0 100 5432 db-1.db.a.svc.cluster.local.",
                "out.a.svc.cluster.local. 5 IN CNAME www.example.com.",
                "web.a.svc.cluster.local. 5 IN A 10.96.0.1",
                "web.a.svc.cluster.local. 5 IN AAAA fd00::1",
                "web.a.svc.cluster.local. 5 IN SRV 0 100 80 web.a.svc.cluster.local.",
                "_http._tcp.web.a.svc.cluster.local. 5 IN SRV 0 100 80 web.a.svc.cluster.local.",
                "web.a.svc.cluster.local. 5 IN SRV 0 100 81 web.a.svc.cluster.local.",
            ],
            records[1..^1]);
    }

    [Fact]
    public void FindSerial_knows_forward_zones_alone_and_none_while_unsynced()
    {
        Assert.NotNull(new ClusterTransfer(new ClusterHarness().State).FindSerial(Zone));
        Assert.Null(new ClusterTransfer(new ClusterHarness().State).FindSerial(DnsName.Parse("in-addr.arpa.")));
        Assert.Null(new ClusterTransfer(new ClusterHarness(synced: false).State).FindSerial(Zone));
        Assert.Empty(new ClusterTransfer(new ClusterHarness(synced: false).State).ReadRecords(Zone));
    }

    private static string Format(ResourceRecord record) => new WireRecord(
        WireName.Parse(record.Owner.ToString()), (ushort)record.Type, (ushort)record.Class, record.Ttl, record.Rdata).ToString();
}
