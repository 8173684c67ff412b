using System.Text.Json.Nodes;
using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Sources.Json;
using Xunit;

namespace ClusterDns.UnitTests.Kubernetes.Sources.Json;

/// <summary>Our readers against everything a real API server said.</summary>
public sealed class RecordedObjectTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    [InlineData(1 << 20)]
    public async Task List_of_services_is_read_in_whatever_pieces_it_comes(int step)
    {
        (List<Service> items, ListMetadata metadata) =
            await Decode.ListAsync(ServiceJson.Read, Recorded.Bytes("list-services.json"), step);
        Assert.Equal("343", metadata.ResourceVersion);
        Assert.Null(metadata.Continue);
        Assert.Equal(["default/kubernetes", "demo/db", "demo/manual", "demo/outside", "demo/web"],
            items.Select(item => item.Key.ToString()));

        Service web = items[4];
        Assert.Equal(["10.96.133.206", "fd00:96::6:e9da"], web.ClusterIPs);
        Assert.Equal([new ServicePort("http", "TCP", 81)], web.Ports);
        Assert.Equal("307", web.ResourceVersion);
        Assert.Equal(new DateTimeOffset(2026, 11, 23, 6, 46, 10, TimeSpan.Zero).ToUnixTimeSeconds(), web.ChangedAt);
        Assert.Equal(["demo/db", "demo/web"], items.Where(item => item.HasSelector).Select(item => item.Key.ToString()));
        Assert.True(items[1].IsHeadless);
        Assert.False(web.IsHeadless);
        Assert.Equal(ServiceType.ExternalName, items[3].Type);
        Assert.Equal("www.example.com", items[3].ExternalName);
        Assert.Empty(items[3].ClusterIPs);
    }

    [Fact]
    public async Task Pages_of_a_list_carry_the_token_of_the_next()
    {
        (List<Service> items, ListMetadata metadata) =
            await Decode.ListAsync(ServiceJson.Read, Recorded.Bytes("list-services-page-1.json"), 512);
        Assert.Equal(2, items.Count);
        Assert.Equal("eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MzQzLCJzdGFydCI6Ii9kZW1vL2RiXHUwMDAwIn0", metadata.Continue);
    }

    [Fact]
    public async Task List_of_endpoint_slices_is_read()
    {
        (List<EndpointSlice> items, _) =
            await Decode.ListAsync(EndpointSliceJson.Read, Recorded.Bytes("list-endpointslices.json"), 512);
        EndpointSlice db = items.Single(item => item.ServiceName == "db" && item.AddressType is AddressType.IPv6);
        Assert.Equal(new DateTimeOffset(2026, 11, 23, 6, 45, 42, TimeSpan.Zero), db.TriggerTime);
        Assert.Equal(new DateTimeOffset(2026, 11, 23, 6, 45, 42, TimeSpan.Zero).ToUnixTimeSeconds(), db.ChangedAt);
        Assert.Equal([new ServicePort("sql", "TCP", 5432)], db.Ports);
        Assert.Equal([true, true, false], db.Endpoints.Select(item => item.Ready));
        Endpoint first = db.Endpoints[0];
        Assert.Equal(["fd00:244:1::20"], first.Addresses);
        Assert.Equal(("db-0", "zone-a", "node-a", "Pod", "db-0"),
            (first.Hostname, first.Zone, first.NodeName, first.TargetKind, first.TargetName));
        Assert.Null(items[0].Endpoints[0].Hostname);
    }

    [Fact]
    public async Task Lists_of_namespaces_and_pods_are_read()
    {
        (List<Namespace> namespaces, _) =
            await Decode.ListAsync(NamespaceJson.Read, Recorded.Bytes("list-namespaces.json"), 512);
        Namespace demo = namespaces.Single(item => item.Name == "demo");
        Assert.True(demo.Labels.TryGetValue("kubernetes.io/metadata.name", out string? label));
        Assert.Equal("demo", label);

        (List<Pod> pods, _) = await Decode.ListAsync(PodJson.Read, Recorded.Bytes("list-pods.json"), 512);
        Assert.Equal(["10.244.1.20", "10.244.2.21", "10.244.2.22", "10.244.2.12", "10.244.2.13"],
            pods.Select(item => item.PodIP));
        Assert.True(pods[0].Labels.TryGetValue("app", out string? app));
        Assert.Equal("db", app);
    }

    [Fact]
    public void Watches_are_read()
    {
        AssertSame(ServiceJson.Read, "watch-services.jsonl");
        AssertSame(EndpointSliceJson.Read, "watch-endpointslices.jsonl");
        AssertSame(NamespaceJson.Read, "watch-namespaces.jsonl");
        AssertSame(PodJson.Read, "watch-pods.jsonl");
    }

    [Fact]
    public void Pod_that_is_asked_to_stop_is_terminating()
    {
        List<WatchEvent<Pod>> events = Decode.Watch(PodJson.Read, Recorded.Lines("watch-pods.jsonl"));
        Assert.Equal(["315", "317"], events.Where(item => item.Object is { Terminating: true })
            .Select(item => item.ResourceVersion));
        Assert.Null(events[1].Object!.PodIP);
        Assert.Equal("10.244.1.11", events[2].Object!.PodIP);
    }

    [Fact]
    public void Errors_are_read()
    {
        WatchEvent<Service> gone = Decode.Watch(ServiceJson.Read, Recorded.Lines("watch-410.txt")).Single();
        Assert.Equal(WatchEventType.Error, gone.Type);
        Assert.Equal(new StatusJson(410, "Expired", "too old resource version: 10 (369)"), gone.Status);
        foreach ((string file, int code) in new[]
        {
            ("error-400-bad-selector.json", 400), ("error-401.json", 403), ("error-401-bad-token.json", 401),
            ("error-403.json", 403), ("error-410-list.json", 410),
        })
        {
            Assert.True(StatusJson.TryParse(Recorded.Bytes(file), out StatusJson status));
            Assert.Equal(code, status.Code);
            Assert.NotEmpty(status.Message);
        }
    }

    private static void AssertSame<T>(ObjectReader<T> read, string file)
        where T : ClusterObject
    {
        string[] lines = Recorded.Lines(file);
        List<WatchEvent<T>> events = Decode.Watch(read, lines);
        for (int i = 0; i < lines.Length; i++)
        {
            JsonNode json = JsonNode.Parse(lines[i])!;
            JsonNode metadata = json["object"]!["metadata"]!;
            Assert.Equal((string?)json["type"], events[i].Type.ToString().ToUpperInvariant());
            Assert.Equal((string?)metadata["resourceVersion"], events[i].ResourceVersion);
            Assert.Equal((string?)metadata["name"], events[i].Object?.Name);
            Assert.Equal(metadata["annotations"]?["k8s.io/initial-events-end"] is not null, events[i].InitialEventsEnd);
        }
    }
}
