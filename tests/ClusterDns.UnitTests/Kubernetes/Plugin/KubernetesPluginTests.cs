using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Kubernetes.Plugin;
using ClusterDns.Kubernetes.Records;
using ClusterDns.Protocol.Edns;
using ClusterDns.Protocol.Names;
using Xunit;
using static ClusterDns.UnitTests.Kubernetes.Records.TestCluster;

namespace ClusterDns.UnitTests.Kubernetes.Plugin;

/// <summary>What the schema and CoreDNS answer, case by case; the recordings have many more.</summary>
public sealed class KubernetesPluginTests
{
    private const string Soa = "authority cluster.local. 5 IN SOA ns.dns.cluster.local. hostmaster.cluster.local. SERIAL 7200 1800 86400 5";

    [Theory]
    [InlineData("web.shop.svc.cluster.local A", "NoError AA\nweb.shop.svc.cluster.local. 5 IN A 10.96.0.1")]
    [InlineData("WEB.Shop.svc.Cluster.LOCAL A", "NoError AA\nWEB.Shop.svc.Cluster.LOCAL. 5 IN A 10.96.0.1")]
    [InlineData("web.shop.svc.cluster.local AAAA", "NoError AA\n" + Soa)]
    [InlineData("http.tcp.web.shop.svc.cluster.local A", "NoError AA\nhttp.tcp.web.shop.svc.cluster.local. 5 IN A 10.96.0.1")]
    [InlineData("_http._udp.web.shop.svc.cluster.local A", "NXDomain AA\n" + Soa)]
    [InlineData("none.shop.svc.cluster.local A", "NXDomain AA\n" + Soa)]
    [InlineData("svc.cluster.local A", "NoError AA\n" + Soa)]
    [InlineData("svc.cluster.local TXT", "NXDomain AA\n" + Soa)]
    [InlineData("shop.svc.cluster.local MX", "NoError AA\n" + Soa)]
    [InlineData("other.svc.cluster.local MX", "NXDomain AA\n" + Soa)]
    [InlineData("shop.pod.cluster.local A", "NXDomain AA\n" + Soa)]
    [InlineData("nowhere.cluster.local SOA", "NoError AA\n" + Soa)]
    [InlineData("dns-version.cluster.local TXT", "NoError AA\ndns-version.cluster.local. 28800 IN TXT \"1.1.0\"")]
    [InlineData("www.example.com A", "NoError\nwww.example.com. 300 IN A 192.0.2.80")]
    [InlineData("cluster.local AXFR", "Refused")]
    public void HandleAsync_answers_for_services(string question, string expected)
    {
        var harness = new ClusterHarness().With(Namespace("shop"), Service("shop", "web", "10.96.0.1"));

        Assert.Equal(expected, harness.Ask(question));
    }

    [Fact]
    public void HandleAsync_keeps_the_questions_case_of_the_zone_in_targets()
    {
        var harness = new ClusterHarness().With(Namespace("shop"), Service("shop", "web", "10.96.0.1"));

        Assert.Equal(
            "NoError AA\nWEB.shop.svc.CLUSTER.local. 5 IN SRV 0 100 80 web.shop.svc.CLUSTER.local.\n"
                + "additional web.shop.svc.CLUSTER.local. 5 IN A 10.96.0.1",
            harness.Ask("WEB.shop.svc.CLUSTER.local SRV"));
    }

    [Fact]
    public void HandleAsync_shares_the_weight_among_ports_and_families()
    {
        var harness = new ClusterHarness().With(
            Namespace("shop"), Service("shop", "dual", "10.96.0.1,fd00::1", "dns/UDP/53 dns-tcp/TCP/53 metrics/TCP/9153"));

        Assert.Equal(
            "NoError AA\ndual.shop.svc.cluster.local. 5 IN SRV 0 16 53 dual.shop.svc.cluster.local.\n"
                + "dual.shop.svc.cluster.local. 5 IN SRV 0 16 9153 dual.shop.svc.cluster.local.\n"
                + "additional dual.shop.svc.cluster.local. 5 IN A 10.96.0.1\n"
                + "additional dual.shop.svc.cluster.local. 5 IN AAAA fd00::1",
            harness.Ask("dual.shop.svc.cluster.local SRV"));
    }

    [Fact]
    public void HandleAsync_names_an_endpoint_of_several_slices_once()
    {
        var harness = new ClusterHarness().With(
            Namespace("data"),
            Service("data", "db", "None", "pg/TCP/5432"),
            Slice("data", "db", "db-a", "db-0@10.0.0.1 db-1@10.0.0.2", "pg/TCP/5432"),
            Slice("data", "db", "db-b", "db-1@10.0.0.2 -db-2@10.0.0.3", "pg/TCP/5432"));

        Assert.Equal(
            "NoError AA\ndb.data.svc.cluster.local. 5 IN A 10.0.0.1\ndb.data.svc.cluster.local. 5 IN A 10.0.0.2",
            harness.Ask("db.data.svc.cluster.local A"));
        Assert.Equal(
            "NoError AA\ndb.data.svc.cluster.local. 5 IN SRV 0 33 5432 db-0.db.data.svc.cluster.local.\n"
                + "db.data.svc.cluster.local. 5 IN SRV 0 33 5432 db-1.db.data.svc.cluster.local.\n"
                + "additional db-0.db.data.svc.cluster.local. 5 IN A 10.0.0.1\n"
                + "additional db-1.db.data.svc.cluster.local. 5 IN A 10.0.0.2",
            harness.Ask("db.data.svc.cluster.local SRV"));
        Assert.Equal(
            "NoError AA\ndb-1.db.data.svc.cluster.local. 5 IN A 10.0.0.2", harness.Ask("db-1.db.data.svc.cluster.local A"));
        Assert.Equal("NXDomain AA\n" + Soa, harness.Ask("db-2.db.data.svc.cluster.local A"));
        Assert.Equal(
            "NoError AA\n2.0.0.10.in-addr.arpa. 5 IN PTR db-1.db.data.svc.cluster.local.", harness.Ask("2.0.0.10.in-addr.arpa PTR"));
    }

    [Theory]
    [InlineData("empty.shop.svc.cluster.local A", ReasonCode.NoReadyEndpoint)]
    [InlineData("none.shop.svc.cluster.local A", ReasonCode.NoSuchService)]
    [InlineData("web.none.svc.cluster.local A", ReasonCode.NoSuchNamespace)]
    [InlineData("1-2-3-4.shop.pod.cluster.local A", ReasonCode.NoSuchPod)]
    [InlineData("1.2.3.4.in-addr.arpa PTR", ReasonCode.NoSuchName)]
    [InlineData("x.y.cluster.local A", ReasonCode.NoSuchName)]
    [InlineData("web.shop.svc.cluster.local A", ReasonCode.ZoneData)]
    [InlineData("web.shop.svc.cluster.local AAAA", ReasonCode.NoSuchType)]
    public void HandleAsync_leaves_its_reason(string question, ReasonCode expected)
    {
        var harness = new ClusterHarness(ClusterHarness.Options(PodMode.Verified)).With(
            Namespace("shop"), Service("shop", "web", "10.96.0.1"), Service("shop", "empty", "None"));

        harness.Run(question);

        Assert.Equal(expected, harness.Reason);
    }

    [Fact]
    public void HandleAsync_fails_for_what_may_yet_come_while_unsynced()
    {
        var harness = new ClusterHarness(synced: false).With(Namespace("shop"), Service("shop", "web", "10.96.0.1"));

        Assert.Equal("ServFail AA\n" + Soa, harness.Ask("none.shop.svc.cluster.local A"));
        Assert.Equal(ReasonCode.NotReady, harness.Reason);
        Assert.Equal(ExtendedDnsError.NotReady, harness.Run("none.shop.svc.cluster.local A").Response.ExtendedError);
        Assert.Equal(
            "NoError AA\nweb.shop.svc.cluster.local. 5 IN A 10.96.0.1", harness.Ask("web.shop.svc.cluster.local A"));
    }

    [Fact]
    public void HandleAsync_falls_through_for_names_that_do_not_exist()
    {
        var options = ClusterHarness.Options() with { Fallthrough = new ZoneSet([DnsName.Parse("in-addr.arpa.")]) };
        var harness = new ClusterHarness(options, synced: false).With(Namespace("shop"), Service("shop", "web", "10.96.0.1"));

        Assert.Equal("Refused", harness.Ask("2.0.96.10.in-addr.arpa PTR"));
        Assert.Equal("Refused", harness.Ask("1.0.96.10.in-addr.arpa A"));
        Assert.StartsWith(
            "NoError AA\n1.0.96.10.in-addr.arpa. 5 IN PTR web.",
            harness.Ask("1.0.96.10.in-addr.arpa PTR"),
            StringComparison.Ordinal);
        Assert.StartsWith("ServFail", harness.Ask("none.shop.svc.cluster.local A"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("out A", "out.shop.svc.cluster.local. 5 IN CNAME www.example.com.\nwww.example.com. 300 IN A 192.0.2.80")]
    [InlineData("out CNAME", "out.shop.svc.cluster.local. 5 IN CNAME www.example.com.")]
    [InlineData("dead A", "dead.shop.svc.cluster.local. 5 IN CNAME dead.example.com.")]
    [InlineData("chain A", "chain.shop.svc.cluster.local. 5 IN CNAME In.shop.svc.cluster.local.\n"
        + "In.shop.svc.cluster.local. 5 IN CNAME web.shop.svc.cluster.local.\nweb.shop.svc.cluster.local. 5 IN A 10.96.0.1")]
    [InlineData("chain AAAA", Soa)]
    [InlineData("loop A", Soa)]
    [InlineData("self A", Soa)]
    [InlineData("gone A", Soa)]
    [InlineData("out SRV", Soa)]
    [InlineData("out TXT", Soa)]
    public void HandleAsync_follows_external_names(string question, string expected)
    {
        var harness = new ClusterHarness().With(
            Namespace("shop"),
            Service("shop", "web", "10.96.0.1"),
            Alias("shop", "out", "www.example.com"),
            Alias("shop", "dead", "dead.example.com"),
            Alias("shop", "in", "web.shop.svc.cluster.local"),
            Alias("shop", "chain", "In.shop.svc.cluster.local."),
            Alias("shop", "gone", "none.shop.svc.cluster.local"),
            Alias("shop", "self", "self.shop.svc.cluster.local"),
            Alias("shop", "loop", "pool.shop.svc.cluster.local"),
            Alias("shop", "pool", "loop.shop.svc.cluster.local"));

        Assert.Equal("NoError AA\n" + expected, harness.Ask(question.Replace(" ", ".shop.svc.cluster.local ", StringComparison.Ordinal)));
    }

    [Fact]
    public void HandleAsync_does_not_know_an_external_name_that_is_an_address()
    {
        var harness = new ClusterHarness().With(Namespace("shop"), Alias("shop", "ip", "192.0.2.1"));

        Assert.Equal("NXDomain AA\n" + Soa, harness.Ask("ip.shop.svc.cluster.local A"));
    }

    [Fact]
    public void HandleAsync_gives_up_on_long_chains()
    {
        var harness = new ClusterHarness().With(Namespace("shop"), Service("shop", "s11", "10.96.0.1"));
        for (var link = 0; link < 11; link++)
        {
            harness.With(Alias("shop", $"s{link}", $"s{link + 1}.shop.svc.cluster.local"));
        }

        Assert.Equal("NoError AA\n" + Soa, harness.Ask("s0.shop.svc.cluster.local A"));
        Assert.EndsWith(
            "s11.shop.svc.cluster.local. 5 IN A 10.96.0.1",
            harness.Ask("s1.shop.svc.cluster.local A"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void HandleAsync_takes_the_local_addresses_where_no_service_has_them()
    {
        var harness = new ClusterHarness(local: [[192, 0, 2, 7]]);

        Assert.Equal(
            "NoError AA\ncluster.local. 5 IN NS ns.dns.cluster.local.\nadditional ns.dns.cluster.local. 5 IN A 192.0.2.7",
            harness.Ask("cluster.local NS"));
        Assert.Equal("NoError AA\nns.dns.cluster.local. 5 IN A 192.0.2.7", harness.Ask("ns.dns.cluster.local A"));
        Assert.Equal("NXDomain AA\n" + Soa, harness.Ask("ns.dns.cluster.local PTR"));
    }

    [Fact]
    public void HandleAsync_names_the_services_that_have_this_process_as_name_servers()
    {
        var harness = new ClusterHarness(local: [[10, 244, 0, 2]]).With(
            Namespace("kube-system"),
            Service("kube-system", "kube-dns", "10.96.0.10", "dns/UDP/53"),
            Service("kube-system", "raw", "None", "dns/UDP/53"),
            Slice("kube-system", "kube-dns", "a", "10.244.0.2 10.244.0.3", "dns/UDP/53"),
            Slice("kube-system", "raw", "b", "10.244.0.2", "dns/UDP/53"));

        Assert.Equal(
            "NoError AA\ncluster.local. 5 IN NS 10-244-0-2.raw.kube-system.svc.cluster.local.\n"
                + "cluster.local. 5 IN NS kube-dns.kube-system.svc.cluster.local.\n"
                + "additional 10-244-0-2.raw.kube-system.svc.cluster.local. 5 IN A 10.244.0.2\n"
                + "additional kube-dns.kube-system.svc.cluster.local. 5 IN A 10.96.0.10",
            harness.Ask("cluster.local NS"));
        Assert.Equal(
            "NoError AA\nns.dns.cluster.local. 5 IN A 10.244.0.2\nns.dns.cluster.local. 5 IN A 10.96.0.10",
            harness.Ask("ns.dns.cluster.local A"));
    }

    [Fact]
    public void HandleAsync_shows_only_the_namespaces_it_is_told_to()
    {
        var options = ClusterHarness.Options() with { Records = new RecordOptions { Namespaces = new HashSet<string> { "shop" } } };
        var harness = new ClusterHarness(options).With(
            Namespace("shop"), Namespace("data"), Service("shop", "web", "10.96.0.1"), Service("data", "web", "10.96.0.2"));

        Assert.StartsWith("NoError", harness.Ask("web.shop.svc.cluster.local A"), StringComparison.Ordinal);
        Assert.StartsWith("NXDomain", harness.Ask("web.data.svc.cluster.local A"), StringComparison.Ordinal);
        Assert.StartsWith("NXDomain", harness.Ask("2.0.96.10.in-addr.arpa PTR"), StringComparison.Ordinal);
    }

    [Fact]
    public void HandleAsync_answers_in_every_zone_of_the_directive()
    {
        var harness = new ClusterHarness(ClusterHarness.Options(zones: "cluster.local k8s.example.org")).With(
            Namespace("shop"), Service("shop", "web", "10.96.0.1"));

        Assert.Equal(
            "NoError AA\nweb.shop.svc.k8s.example.org. 5 IN SRV 0 100 80 web.shop.svc.k8s.example.org.\n"
                + "additional web.shop.svc.k8s.example.org. 5 IN A 10.96.0.1",
            harness.Ask("web.shop.svc.k8s.example.org SRV"));
    }
}
