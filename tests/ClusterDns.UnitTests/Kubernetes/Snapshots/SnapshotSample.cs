using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Plugin;
using ClusterDns.Kubernetes.Records;
using ClusterDns.Kubernetes.Snapshots;
using ClusterDns.Protocol.Names;
using ClusterDns.UnitTests.Kubernetes.Plugin;
using static ClusterDns.UnitTests.Kubernetes.Records.TestCluster;

namespace ClusterDns.UnitTests.Kubernetes.Snapshots;

/// <summary>A small cluster with one of everything that a snapshot keeps.</summary>
internal static class SnapshotSample
{
    public static readonly SnapshotHeader Header = new(
        [.. Enumerable.Range(0, 32).Select(static value => (byte)value)],
        new DateTimeOffset(2026, 8, 1, 12, 0, 0, TimeSpan.Zero),
        "services=12 endpointslices=13");

    public static readonly string[] Questions =
    [
        "web.shop.svc.cluster.local. A", "web.shop.svc.cluster.local. AAAA", "web.shop.svc.cluster.local. SRV",
        "_http._tcp.web.shop.svc.cluster.local. SRV", "db.shop.svc.cluster.local. A", "db.shop.svc.cluster.local. SRV",
        "db-0.db.shop.svc.cluster.local. A", "10-1-0-2.db.shop.svc.cluster.local. A", "six.shop.svc.cluster.local. AAAA",
        "2001-db8--1.six.shop.svc.cluster.local. AAAA", "ext.shop.svc.cluster.local. CNAME", "ext.shop.svc.cluster.local. A",
        "empty.shop.svc.cluster.local. A", "nothing.shop.svc.cluster.local. A", "shop.svc.cluster.local. A",
        "gone.svc.cluster.local. A", "10-1-0-9.shop.pod.cluster.local. A", "1.0.1.10.in-addr.arpa. PTR",
        "1.0.96.10.in-addr.arpa. PTR", "eu-1.pin._zone.zoned.shop.svc.cluster.local. A",
        "far.shop.svc.set.local. A", "far.shop.svc.set.local. SRV", "many.shop.svc.set.local. A",
        "noports.shop.svc.cluster.local. SRV",
    ];

    public static KubernetesOptions Options() =>
        ClusterHarness.Options(PodMode.Verified, "cluster.local set.local in-addr.arpa ip6.arpa") with
        {
            MulticlusterZones = [DnsName.Parse("set.local.")],
            Records = new RecordOptions { Zonal = true },
        };

    public static ClusterHarness Cluster()
    {
        var cluster = new ClusterHarness(Options()).With(
            Namespace("shop"),
            Service("shop", "web", "10.96.0.1,2001:db8::96", "http/TCP/80 https/TCP/443"),
            Slice("shop", "web", "web-1", "10.1.0.1 -10.1.0.3"),
            Service("shop", "db", "None", "sql/TCP/5432"),
            Slice("shop", "db", "db-a", "db-0@10.1.0.1 10.1.0.2", "sql/TCP/5432"),
            Slice("shop", "db", "db-b", "10.1.0.4"),
            Service("shop", "six", "None"),
            Slice("shop", "six", "six-1", "2001:db8::1 2001:db8:0:0::2"),
            Alias("shop", "ext", "web.shop.svc.cluster.local"),
            Service("shop", "empty", "None"),
            Service("shop", "noports", "10.96.0.7", ""),
            Service("hidden", "web", "10.96.0.8"),
            Slice("shop", "orphan", "orphan-1", "10.1.0.77"),
            Service("shop", "zoned", "None"),
            new EndpointSlice
            {
                Namespace = "shop",
                Name = "zoned-1",
                ServiceName = "zoned",
                AddressType = AddressType.IPv4,
                Endpoints = [new Endpoint { Addresses = ["10.1.0.20"], Zone = "eu-1" }, new Endpoint { Addresses = ["10.1.0.21"], Zone = "eu-2.b" }],
                Ports = [new ServicePort("", "UDP", 53)],
            },
            new Service
            {
                Namespace = "shop",
                Name = "outside",
                Type = ServiceType.LoadBalancer,
                ClusterIPs = ["10.96.0.9"],
                ExternalIPs = ["192.0.2.9"],
                Ingress = [new LoadBalancerIngress("192.0.2.10", null), new LoadBalancerIngress(null, "lb.example.test")],
                Ports = [new ServicePort("", "SCTP", 7)],
            },
            new Pod { Namespace = "shop", Name = "p", PodIP = "10.1.0.9", Labels = new LabelSet([KeyValuePair.Create("app", "wäb")]) });
        cluster.Sinks.ServiceImports!.Upsert(null, new ServiceImport { Namespace = "shop", Name = "far", IPs = ["10.97.0.1"], Ports = [new ServicePort("http", "TCP", 80)] });
        cluster.Sinks.ServiceImports!.Upsert(null, new ServiceImport { Namespace = "shop", Name = "many", IsHeadless = true });
        cluster.Sinks.MulticlusterEndpointSlices!.Upsert(null, new EndpointSlice
        {
            Namespace = "shop",
            Name = "many-1",
            MulticlusterServiceName = "many",
            SourceCluster = "west",
            AddressType = AddressType.IPv4,
            Endpoints = [new Endpoint { Addresses = ["10.7.0.1"], Hostname = "h" }],
        });
        return cluster;
    }

    public static byte[] Write(ClusterHarness cluster, SnapshotHeader? header = null)
    {
        using var stream = new MemoryStream();
        SnapshotWriter.Write(stream, header ?? Header, new SnapshotContent(cluster.State.Records, cluster.State.Imports));
        return stream.ToArray();
    }
}
