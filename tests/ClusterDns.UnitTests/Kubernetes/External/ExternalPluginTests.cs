using ClusterDns.Core.Corefile;
using ClusterDns.Kubernetes.External;
using ClusterDns.Kubernetes.Objects;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Wire;
using Xunit;
using static ClusterDns.UnitTests.Kubernetes.Records.TestCluster;

namespace ClusterDns.UnitTests.Kubernetes.External;

public sealed class ExternalPluginTests
{
    private const string Authority = "authority ex.test. 5 IN SOA ns1.dns.ex.test. hostmaster.dns.ex.test. SERIAL 7200 1800 86400 5";

    private static readonly ClusterObject[] Cluster =
    [
        Namespace("shop"),
        Balanced("shop", "web", "198.51.100.1 198.51.100.2", "http/TCP/80 dns/UDP/53"),
        Balanced("shop", "mixed", "+203.0.113.1 +2001:db8::1 198.51.100.9"),
        Balanced("shop", "named", "www.example.com"),
        Service("shop", "inside", "10.96.0.9"),
        Service("shop", "db", "None", "pg/TCP/5432"),
        Slice("shop", "db", "db-a", "db-0@10.0.0.1 10.0.0.2", "pg/TCP/5432"),
        Balanced("hidden", "web", "198.51.100.7"),
    ];

    [Theory]
    [InlineData("web.shop.ex.test A", "web.shop.ex.test. 5 IN A 198.51.100.1\nweb.shop.ex.test. 5 IN A 198.51.100.2")]
    [InlineData("mixed.shop.ex.test AAAA", "mixed.shop.ex.test. 5 IN AAAA 2001:db8::1")]
    [InlineData("named.shop.ex.test A", "named.shop.ex.test. 5 IN CNAME www.example.com.\nwww.example.com. 300 IN A 192.0.2.80")]
    [InlineData("_http._tcp.web.shop.ex.test A", "_http._tcp.web.shop.ex.test. 5 IN A 198.51.100.1\n_http._tcp.web.shop.ex.test. 5 IN A 198.51.100.2")]
    [InlineData("mixed.shop.ex.test SRV", "mixed.shop.ex.test. 5 IN SRV 0 33 80 mixed.shop.ex.test.\nadditional mixed.shop.ex.test. 5 IN A 203.0.113.1\nadditional mixed.shop.ex.test. 5 IN A 198.51.100.9\nadditional mixed.shop.ex.test. 5 IN AAAA 2001:db8::1")]
    [InlineData("named.shop.ex.test SRV", "named.shop.ex.test. 5 IN SRV 0 100 80 www.example.com.\nadditional www.example.com. 300 IN A 192.0.2.80\nadditional www.example.com. 300 IN A 192.0.2.80")]
    [InlineData("ex.test NS", "ex.test. 5 IN NS ns1.dns.ex.test.\nadditional ns1.dns.ex.test. 5 IN A 192.0.2.7")]
    [InlineData("ns1.dns.ex.test A", "ns1.dns.ex.test. 5 IN A 192.0.2.7")]
    [InlineData("inside.shop.svc.cluster.local A", "inside.shop.svc.cluster.local. 5 IN A 10.96.0.9")]
    public void What_is_reached_from_outside_is_answered(string question, string expected) =>
        Assert.Equal("NoError AA\n" + expected, ExternalHarness.Create(local: [[192, 0, 2, 7]]).With(Cluster).Ask(question));

    [Theory]
    [InlineData("web.shop.ex.test TXT", "NoError AA")]
    [InlineData("web.shop.ex.test AAAA", "NoError AA")]
    [InlineData("shop.ex.test A", "NoError AA")]
    [InlineData("dns.ex.test A", "NoError AA")]
    [InlineData("ex.test A", "NoError AA")]
    [InlineData("inside.shop.ex.test A", "NXDomain AA")]
    [InlineData("db.shop.ex.test A", "NXDomain AA")]
    [InlineData("_x._tcp.web.shop.ex.test A", "NXDomain AA")]
    [InlineData("a.b.c.web.shop.ex.test A", "NXDomain AA")]
    [InlineData("web.hidden.ex.test A", "NXDomain AA")]
    [InlineData("x.dns.ex.test A", "NXDomain AA")]
    public void What_is_not_is_denied_with_the_SOA_record(string question, string code) =>
        Assert.Equal($"{code}\n{Authority}", ExternalHarness.Create(local: [[192, 0, 2, 7]]).With(Cluster).Ask(question));

    [Theory]
    [InlineData("db.shop.ex.test A", "db.shop.ex.test. 5 IN A 10.0.0.1\ndb.shop.ex.test. 5 IN A 10.0.0.2")]
    [InlineData("db-0.db.shop.ex.test A", "db-0.db.shop.ex.test. 5 IN A 10.0.0.1")]
    [InlineData("_pg._tcp.db.shop.ex.test A", "_pg._tcp.db.shop.ex.test. 5 IN A 10.0.0.1\n_pg._tcp.db.shop.ex.test. 5 IN A 10.0.0.2")]
    [InlineData("db-0.db.shop.ex.test SRV", "db-0.db.shop.ex.test. 5 IN SRV 0 100 5432 db-0.db.shop.ex.test.\nadditional db-0.db.shop.ex.test. 5 IN A 10.0.0.1")]
    public void Headless_shows_endpoints(string question, string expected) => Assert.Equal(
        "NoError AA\n" + expected, ExternalHarness.Create("k8s_external ex.test {\n headless\n }").With(Cluster).Ask(question));

    [Theory]
    [InlineData("1.100.51.198.in-addr.arpa PTR", "NoError AA\n1.100.51.198.in-addr.arpa. 60 IN PTR web.shop.ex.test.")]
    [InlineData("3.100.51.198.in-addr.arpa PTR", "NXDomain AA\nauthority in-addr.arpa. 5 IN SOA ns.dns.in-addr.arpa.")]
    public void External_addresses_have_names_and_others_fall_through(string question, string expected)
    {
        var harness = ExternalHarness.Create("k8s_external ex.test in-addr.arpa {\n ttl 60\n fallthrough in-addr.arpa\n }").With(Cluster);

        Assert.StartsWith(expected, harness.Ask(question), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_denied_while_the_cluster_is_not_known() =>
        Assert.StartsWith("ServFail", ExternalHarness.Create(synced: false).With(Cluster).Ask("inside.shop.ex.test A"), StringComparison.Ordinal);

    [Fact]
    public void Records_of_services_have_the_TTL_of_the_cluster_and_addresses_their_own() => Assert.Equal(
        "NoError AA\nmixed.shop.ex.test. 30 IN SRV 0 33 80 mixed.shop.ex.test.",
        string.Join('\n', ExternalHarness.Create(clusterTtl: 30).With(Cluster).Ask("mixed.shop.ex.test SRV").Split('\n').Take(2)));

    [Fact]
    public void A_change_replaces_what_was_answered_and_moves_the_serial()
    {
        var harness = ExternalHarness.Create("k8s_external ex.test in-addr.arpa").With(Cluster);
        harness.Sinks.Services.Synced();
        Assert.Equal(0u, harness.State.Records.ExternalSerial);
        var version = harness.State.Version;

        harness.Put(Cluster[1], Balanced("shop", "web", "198.51.100.2 198.51.100.3"));

        Assert.Equal("NoError AA\nweb.shop.ex.test. 5 IN A 198.51.100.2\nweb.shop.ex.test. 5 IN A 198.51.100.3", harness.Ask("web.shop.ex.test A"));
        Assert.StartsWith("NXDomain", harness.Ask("1.100.51.198.in-addr.arpa PTR"), StringComparison.Ordinal);
        Assert.Contains("web.shop", harness.Ask("3.100.51.198.in-addr.arpa PTR"), StringComparison.Ordinal);
        Assert.NotEqual(0u, harness.State.Records.ExternalSerial);
        Assert.NotEqual(version, harness.State.Version);

        harness.Delete(Balanced("shop", "web", "198.51.100.2 198.51.100.3"));
        Assert.StartsWith("NXDomain", harness.Ask("web.shop.ex.test A"), StringComparison.Ordinal);
        Assert.StartsWith("NXDomain", harness.Ask("3.100.51.198.in-addr.arpa PTR"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_server_is_reached_by_the_external_addresses_of_its_service()
    {
        var harness = ExternalHarness.Create(local: [[10, 0, 0, 53]]).With(
            Namespace("kube-system"),
            Balanced("kube-system", "dns", "198.51.100.53"),
            Slice("kube-system", "dns", "dns-a", "10.0.0.53"));

        Assert.Equal("NoError AA\nns1.dns.ex.test. 5 IN A 198.51.100.53", harness.Ask("ns1.dns.ex.test A"));
    }

    [Fact]
    public void Transfers_list_what_queries_find()
    {
        var options = ExternalHarness.Options("k8s_external ex.test {\n headless\n }");
        var harness = ExternalHarness.Create(local: [[192, 0, 2, 7]]).With(Cluster);
        var transfer = new ExternalTransfer(options, ExternalHarness.Zones(options)) { State = harness.State };

        var records = transfer.ReadRecords(DnsName.Parse("ex.test")).Select(Format).ToList();

        Assert.Equal(records[0], records[^1]);
        Assert.Equal(
            [
                "ex.test. 5 IN NS ns1.dns.ex.test.",
                "ns1.dns.ex.test. 5 IN A 192.0.2.7",
                "db.shop.ex.test. 5 IN A 10.0.0.1",
                "db.shop.ex.test. 5 IN A 10.0.0.2",
                "db.shop.ex.test. 5 IN SRV 0 50 5432 db-0.db.shop.ex.test.",
                "db.shop.ex.test. 5 IN SRV 0 50 5432 10-0-0-2.db.shop.ex.test.",
                "_pg._tcp.db.shop.ex.test. 5 IN SRV 0 50 5432 db-0.db.shop.ex.test.",
                "_pg._tcp.db.shop.ex.test. 5 IN SRV 0 50 5432 10-0-0-2.db.shop.ex.test.",
                "db-0.db.shop.ex.test. 5 IN A 10.0.0.1",
                "db-0.db.shop.ex.test. 5 IN SRV 0 100 5432 db-0.db.shop.ex.test.",
                "10-0-0-2.db.shop.ex.test. 5 IN A 10.0.0.2",
                "10-0-0-2.db.shop.ex.test. 5 IN SRV 0 100 5432 10-0-0-2.db.shop.ex.test.",
                "mixed.shop.ex.test. 5 IN A 203.0.113.1",
                "mixed.shop.ex.test. 5 IN A 198.51.100.9",
                "mixed.shop.ex.test. 5 IN AAAA 2001:db8::1",
                "mixed.shop.ex.test. 5 IN SRV 0 33 80 mixed.shop.ex.test.",
                "_http._tcp.mixed.shop.ex.test. 5 IN SRV 0 33 80 mixed.shop.ex.test.",
                "named.shop.ex.test. 5 IN CNAME www.example.com.",
                "web.shop.ex.test. 5 IN A 198.51.100.1",
                "web.shop.ex.test. 5 IN A 198.51.100.2",
                "web.shop.ex.test. 5 IN SRV 0 25 80 web.shop.ex.test.",
                "web.shop.ex.test. 5 IN SRV 0 25 53 web.shop.ex.test.",
                "_http._tcp.web.shop.ex.test. 5 IN SRV 0 50 80 web.shop.ex.test.",
                "_dns._udp.web.shop.ex.test. 5 IN SRV 0 50 53 web.shop.ex.test.",
            ],
            records[1..^1]);
    }

    [Theory]
    [InlineData("web.shop.ex.test", RecordType.A)]
    [InlineData("WEB.shop.EX.test", RecordType.SRV)]
    [InlineData("db-0.db.shop.ex.test", RecordType.SRV)]
    [InlineData("inside.shop.ex.test", RecordType.A)]
    [InlineData("1.100.51.198.in-addr.arpa", RecordType.PTR)]
    [InlineData("ex.test", RecordType.NS)]
    [InlineData("ns1.dns.ex.test", RecordType.A)]
    public void Allocates_nothing(string name, RecordType type)
    {
        var harness = ExternalHarness.Create("k8s_external ex.test in-addr.arpa {\n headless\n }", local: [[192, 0, 2, 7]]).With(Cluster);
        harness.Prepare(DnsName.Parse(name), type);
        for (var warm = 0; warm < 100; warm++)
        {
            harness.Repeat();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var run = 0; run < 1000; run++)
        {
            harness.Repeat();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task Without_a_cluster_its_zones_fail()
    {
        var reply = await new ChainHarness(". {\n k8s_external ex.test\n whoami\n}\n").AskAsync("web.shop.ex.test");

        Assert.Equal(2, reply!.ResponseCode);
    }

    [Theory]
    [InlineData("ttl 3601", 3)]
    [InlineData("ttl", 3)]
    [InlineData("apex", 3)]
    [InlineData("headless on", 3)]
    [InlineData("nonsense", 3)]
    public void Read_says_where_the_mistake_is(string property, int line) => Assert.Equal(
        line, Assert.Throws<CorefileException>(() => ExternalHarness.Options($"k8s_external ex.test {{\n {property}\n }}")).Line);

    private static string Format(ResourceRecord record) => new WireRecord(
        WireName.Parse(record.Owner.ToString()), (ushort)record.Type, (ushort)record.Class, record.Ttl, record.Rdata).ToString();
}
