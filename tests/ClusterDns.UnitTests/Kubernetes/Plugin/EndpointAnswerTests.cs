using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Plugin;
using ClusterDns.Kubernetes.Records;
using ClusterDns.Protocol.Names;
using Xunit;
using static ClusterDns.UnitTests.Kubernetes.Records.TestCluster;

namespace ClusterDns.UnitTests.Kubernetes.Plugin;

/// <summary>Endpoints by their names, their zones and their clusters; Pods by their addresses.</summary>
public sealed class EndpointAnswerTests
{
    [Theory]
    [InlineData("10-0-0-1", true)]
    [InlineData("010-0-0-1", false)]
    [InlineData("1-2-3", false)]
    [InlineData("2001-db8--1", true)]
    [InlineData("2001-db8-0-0-0-0-0-1", true)]
    [InlineData("--1", true)]
    [InlineData("-", false)]
    [InlineData("web", false)]
    [InlineData("a.b.10-0-0-1", true)]
    [InlineData("a.b.c.10-0-0-1", false)]
    public void HandleAsync_answers_for_every_address_where_pods_are_insecure(string pod, bool exists)
    {
        var harness = new ClusterHarness(ClusterHarness.Options(PodMode.Insecure)).With(Namespace("shop"));

        Assert.StartsWith(
            exists ? "NoError" : "NXDomain", harness.Ask($"{pod}.shop.pod.cluster.local A"), StringComparison.Ordinal);
        Assert.StartsWith("NXDomain", harness.Ask($"{pod}.data.pod.cluster.local A"), StringComparison.Ordinal);
    }

    [Fact]
    public void HandleAsync_answers_for_the_pods_there_are_where_they_are_verified()
    {
        var harness = new ClusterHarness(ClusterHarness.Options(PodMode.Verified)).With(
            Namespace("shop"), Namespace("data"), Pod("shop", "a", "10.0.0.1"), Pod("shop", "b", "fd00::1"), Pod("shop", "c", null));

        Assert.Equal("NoError AA\n10-0-0-1.shop.pod.cluster.local. 5 IN A 10.0.0.1", harness.Ask("10-0-0-1.shop.pod.cluster.local A"));
        Assert.StartsWith("NXDomain", harness.Ask("10-0-0-1.data.pod.cluster.local A"), StringComparison.Ordinal);
        Assert.StartsWith("NXDomain", harness.Ask("10-0-0-2.shop.pod.cluster.local A"), StringComparison.Ordinal);
        Assert.EndsWith("AAAA fd00::1", harness.Ask("fd00--1.shop.pod.cluster.local AAAA"), StringComparison.Ordinal);

        // Not the way the API writes it.
        Assert.StartsWith("NXDomain", harness.Ask("fd00-0--1.shop.pod.cluster.local AAAA"), StringComparison.Ordinal);
    }

    [Fact]
    public void HandleAsync_knows_an_address_as_long_as_some_pod_has_it()
    {
        var first = Pod("shop", "a", "10.0.0.1");
        var harness = new ClusterHarness(ClusterHarness.Options(PodMode.Verified)).With(
            Namespace("shop"), first, Pod("shop", "b", "10.0.0.1"));

        Assert.Contains("SRV 0 50 0 ", harness.Ask("10-0-0-1.shop.pod.cluster.local SRV"), StringComparison.Ordinal);
        harness.Delete(first);
        Assert.Contains("SRV 0 100 0 ", harness.Ask("10-0-0-1.shop.pod.cluster.local SRV"), StringComparison.Ordinal);
        harness.Put(Pod("shop", "b", "10.0.0.1"), Pod("shop", "b", "10.0.0.2"));
        Assert.StartsWith("NXDomain", harness.Ask("10-0-0-1.shop.pod.cluster.local A"), StringComparison.Ordinal);
        Assert.StartsWith("NoError", harness.Ask("10-0-0-2.shop.pod.cluster.local A"), StringComparison.Ordinal);
    }

    [Fact]
    public void HandleAsync_names_endpoints_after_their_pods_where_asked_to()
    {
        var options = ClusterHarness.Options() with { Records = new RecordOptions { EndpointPodNames = true } };
        var harness = new ClusterHarness(options).With(
            Namespace("data"), Service("data", "db", "None"), Slice("data", "db", "db-a", "10.0.0.1 db-1@10.0.0.2"));

        Assert.StartsWith("NoError", harness.Ask("pod-10x0x0x1.db.data.svc.cluster.local A"), StringComparison.Ordinal);
        Assert.StartsWith("NXDomain", harness.Ask("10-0-0-1.db.data.svc.cluster.local A"), StringComparison.Ordinal);
        Assert.StartsWith("NoError", harness.Ask("db-1.db.data.svc.cluster.local A"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fd00::", "fd00--0")]
    [InlineData("fd00::1", "fd00--1")]
    [InlineData("10.0.0.1", "10-0-0-1")]
    public void HandleAsync_names_endpoints_after_their_addresses(string address, string label)
    {
        var harness = new ClusterHarness().With(
            Namespace("data"), Service("data", "db", "None"), Slice("data", "db", "db-a", address));

        Assert.Contains(
            $"IN SRV 0 100 80 {label}.db.data.svc.cluster.local.",
            harness.Ask("db.data.svc.cluster.local SRV"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void HandleAsync_names_an_endpoint_as_its_address_is_written()
    {
        var slice = new EndpointSlice
        {
            Namespace = "data",
            Name = "db-a",
            ServiceName = "db",
            AddressType = AddressType.IPv4,
            Endpoints = [new Endpoint { Addresses = ["::ffff:10.0.0.9"] }, new Endpoint { Addresses = ["10.0.0.10"] }],
        };
        var harness = new ClusterHarness().With(Namespace("data"), Service("data", "db", "None"), slice);

        Assert.EndsWith("IN A 10.0.0.9", harness.Ask("--ffff-10-0-0-9.db.data.svc.cluster.local A"), StringComparison.Ordinal);
        Assert.EndsWith("IN A 10.0.0.10", harness.Ask("10-0-0-10.db.data.svc.cluster.local A"), StringComparison.Ordinal);
        Assert.StartsWith("NXDomain", harness.Ask("10-0-0-9.db.data.svc.cluster.local A"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1 10.0.0.2")]
    [InlineData("10.0.0.1", "10.0.0.2")]
    [InlineData("10.0.0.1 10.0.0.1", "10.0.0.2 10.0.0.2")]
    public void HandleAsync_lists_every_endpoint_once(string first, string second)
    {
        var harness = new ClusterHarness().With(
            Namespace("data"), Service("data", "db", "None"), Slice("data", "db", "a", first), Slice("data", "db", "b", second));

        var reply = harness.Run("db.data.svc.cluster.local SRV").Response;

        Assert.Equal((2, 2), (reply.Answer.Count, reply.Additional.Count));
        Assert.Equal(2, harness.Run("_http._tcp.db.data.svc.cluster.local A").Response.Answer.Count);
    }

    [Theory]
    [InlineData("zone-1.pin._zone", "NoError AA\nX 5 IN A 10.0.0.1")]
    [InlineData("a.b.pin._zone", "NoError AA\nX 5 IN A 10.0.0.2")]
    [InlineData("zone-1.prefer._zone", "NoError AA\nX 5 IN A 10.0.0.1")]
    [InlineData("zone-9.prefer._zone", "NoError AA\nX 5 IN A 10.0.0.1\nX 5 IN A 10.0.0.2")]
    [InlineData("zone-9.pin._zone", "NoError AA\nauthority")]
    [InlineData("zone-1.other._zone", "NXDomain AA\nauthority")]
    [InlineData("prefer._zone", "NXDomain AA\nauthority")]
    public void HandleAsync_answers_by_zones(string labels, string expected)
    {
        var slice = new EndpointSlice
        {
            Namespace = "data",
            Name = "db-a",
            ServiceName = "db",
            AddressType = AddressType.IPv4,
            Endpoints =
            [
                new Endpoint { Addresses = ["10.0.0.1"], Zone = "Zone-1" },
                new Endpoint { Addresses = ["10.0.0.2"], Zone = "a.b" },
            ],
            Ports = [new ServicePort("", "TCP", 1)],
        };
        var options = ClusterHarness.Options() with { Records = new RecordOptions { Zonal = true } };
        var harness = new ClusterHarness(options).With(
            Namespace("data"), Service("data", "db", "None"), Service("data", "web", "10.96.0.1"), slice);

        var name = $"{labels}.db.data.svc.cluster.local";
        Assert.StartsWith(
            expected, harness.Ask(name + " A").Replace(name + ".", "X", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.StartsWith("NXDomain", harness.Ask($"{labels}.web.data.svc.cluster.local A"), StringComparison.Ordinal);
    }

    [Fact]
    public void HandleAsync_answers_for_a_cluster_set()
    {
        var zone = DnsName.Parse("clusterset.local.");
        var options = ClusterHarness.Options(zones: "cluster.local clusterset.local") with { MulticlusterZones = [zone] };
        var harness = new ClusterHarness(options).With(Namespace("shop"), Service("shop", "web", "10.96.0.1"));
        harness.Sinks.ServiceImports!.Upsert(null, new ServiceImport
        {
            Namespace = "shop",
            Name = "db",
            IsHeadless = true,
            Ports = [new ServicePort("pg", "TCP", 5432)],
        });
        harness.Sinks.MulticlusterEndpointSlices!.Upsert(null, Imported("db-a", "east", "10.1.0.1"));
        harness.Sinks.MulticlusterEndpointSlices!.Upsert(null, Imported("db-b", "west", "10.1.0.2"));

        Assert.Equal(
            "NoError AA\ndb.shop.svc.clusterset.local. 5 IN A 10.1.0.1\ndb.shop.svc.clusterset.local. 5 IN A 10.1.0.2",
            harness.Ask("db.shop.svc.clusterset.local A"));
        Assert.Equal(
            "NoError AA\ndb.shop.svc.clusterset.local. 5 IN SRV 0 50 5432 db-0.east.db.shop.svc.clusterset.local.\n"
                + "db.shop.svc.clusterset.local. 5 IN SRV 0 50 5432 db-0.west.db.shop.svc.clusterset.local.\n"
                + "additional db-0.east.db.shop.svc.clusterset.local. 5 IN A 10.1.0.1\n"
                + "additional db-0.west.db.shop.svc.clusterset.local. 5 IN A 10.1.0.2",
            harness.Ask("db.shop.svc.clusterset.local SRV"));
        Assert.StartsWith("NoError", harness.Ask("db-0.east.db.shop.svc.clusterset.local A"), StringComparison.Ordinal);
        Assert.StartsWith(
            "NXDomain", harness.Ask("db-0.north.db.shop.svc.clusterset.local A"), StringComparison.Ordinal);
        Assert.StartsWith("NXDomain", harness.Ask("web.shop.svc.clusterset.local A"), StringComparison.Ordinal);
        Assert.StartsWith("NXDomain", harness.Ask("db.shop.svc.cluster.local A"), StringComparison.Ordinal);
    }

    private static EndpointSlice Imported(string name, string cluster, string address) => new()
    {
        Namespace = "shop",
        Name = name,
        MulticlusterServiceName = "db",
        SourceCluster = cluster,
        AddressType = AddressType.IPv4,
        Endpoints = [new Endpoint { Addresses = [address], Hostname = "db-0" }],
        Ports = [new ServicePort("pg", "TCP", 5432)],
    };
}
