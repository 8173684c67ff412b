using System.Net;
using System.Text.Json.Nodes;
using ClusterDns.Testing;
using ClusterDns.Testing.ApiServer;
using Xunit;

namespace ClusterDns.UnitTests.Kubernetes;

/// <summary>Holds the double of the API server against what a real one said.</summary>
public sealed class FakeApiServerTests : IAsyncLifetime
{
    private const string Objects = """
        kind: Service
        metadata: {name: a, namespace: demo, labels: {app: web}}
        spec: {clusterIP: 10.96.0.7, clusterIPs: [10.96.0.7], ports: [{port: 80}]}
        ---
        kind: Service
        metadata: {name: b, namespace: demo, labels: {app: db}}
        ---
        kind: Service
        metadata: {name: c, namespace: other}
        ---
        kind: Pod
        metadata: {name: p, namespace: demo}
        status: {phase: Running}
        """;

    private const string Streamed =
        "watch=true&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&timeoutSeconds=60";

    private readonly HttpClient _http = new() { Timeout = Patience.Limit };
    private FakeApiServer _server = null!; // set before every test by InitializeAsync

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await FakeApiServer.StartAsync(new());
        _server.Apply(Objects);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task List_has_the_shape_of_the_recorded_one()
    {
        JsonObject recorded = (JsonObject)JsonNode.Parse(Recorded.Text("list-services.json"))!;
        JsonObject ours = await GetAsync("/api/v1/services");
        Assert.Equal(Keys(recorded), Keys(ours));
        Assert.Equal(Keys(recorded["metadata"]!), Keys(ours["metadata"]!));
        Assert.Equal("ServiceList", (string?)ours["kind"]);
        Assert.Equal((string?)recorded["apiVersion"], (string?)ours["apiVersion"]);
        Assert.DoesNotContain("kind", Keys(ours["items"]![0]!));
        Assert.DoesNotContain("kind", Keys(recorded["items"]![0]!));
        Assert.Equal(["a", "b", "c"], Names(ours));
    }

    [Fact]
    public async Task List_in_pages_has_the_shape_of_the_recorded_ones_and_keeps_its_version()
    {
        JsonObject recorded = (JsonObject)JsonNode.Parse(Recorded.Text("list-services-page-1.json"))!;
        JsonObject first = await GetAsync("/api/v1/services?limit=2");
        Assert.Equal(Keys(recorded["metadata"]!), Keys(first["metadata"]!));
        Assert.Equal(1, (int)first["metadata"]!["remainingItemCount"]!);
        Assert.Equal(["a", "b"], Names(first));

        _server.Apply("{kind: Service, metadata: {name: d, namespace: zoo}}");
        JsonObject second = await GetAsync("/api/v1/services?limit=2&continue="
            + Uri.EscapeDataString((string)first["metadata"]!["continue"]!));
        Assert.Equal(["c"], Names(second));
        Assert.Equal(["resourceVersion"], Keys(second["metadata"]!));
        Assert.Equal((string?)first["metadata"]!["resourceVersion"], (string?)second["metadata"]!["resourceVersion"]);
    }

    [Theory]
    [InlineData("labelSelector=app%3Dweb", "a")]
    [InlineData("labelSelector=app+in+(web,db)", "a,b")]
    [InlineData("labelSelector=app%21%3Dweb", "b,c")]
    [InlineData("labelSelector=%21app", "c")]
    [InlineData("fieldSelector=metadata.name%21%3Da", "b,c")]
    public async Task List_obeys_selectors(string query, string names) =>
        Assert.Equal(names.Split(','), Names(await GetAsync("/api/v1/services?" + query)));

    [Fact]
    public async Task List_of_one_namespace_leaves_the_others_out() =>
        Assert.Equal(["c"], Names(await GetAsync("/api/v1/namespaces/other/services")));

    [Theory]
    [InlineData("services")]
    [InlineData("pods")]
    [InlineData("namespaces")]
    [InlineData("endpointslices")]
    public async Task Watch_sends_bookmarks_as_recorded(string plural)
    {
        string path = plural is "endpointslices" ? "/apis/discovery.k8s.io/v1/" : "/api/v1/";
        string[] recorded = [.. Recorded.Lines($"watch-{plural}.jsonl").Where(line => line.Contains("BOOKMARK"))];
        using StreamReader watch = await OpenAsync($"{path}{plural}?{Streamed}");
        string line = await ReadAsync(watch);
        while (line.Contains("ADDED", StringComparison.Ordinal))
        {
            line = await ReadAsync(watch);
        }

        Assert.Equal(recorded[0].Replace("237", _server.Version.ToString()), line);
        _server.SendBookmarks();
        Assert.Equal(recorded[1].Replace("343", _server.Version.ToString()), await ReadAsync(watch));
    }

    [Fact]
    public async Task Watch_events_have_the_shape_of_the_recorded_ones()
    {
        JsonNode recorded = JsonNode.Parse(Recorded.Lines("watch-services.jsonl")[0])!;
        using StreamReader watch = await OpenAsync("/api/v1/services?" + Streamed);
        JsonNode first = JsonNode.Parse(await ReadAsync(watch))!;
        Assert.Equal(Keys(recorded), Keys(first));
        Assert.Equal(Keys(recorded["object"]!).Take(3), Keys(first["object"]!).Take(3));
        Assert.Equal("ADDED", (string?)first["type"]);
    }

    [Fact]
    public async Task Watch_reports_changes_with_growing_versions()
    {
        using StreamReader watch = await OpenAsync($"/api/v1/services?watch=1&resourceVersion={_server.Version}");
        _server.Apply("{kind: Service, metadata: {name: new, namespace: demo}}");
        _server.Apply("{kind: Service, metadata: {name: new, namespace: demo, labels: {x: y}}}");
        _server.Delete("Service", "demo", "new");
        List<long> versions = [];
        foreach (string type in new[] { "ADDED", "MODIFIED", "DELETED" })
        {
            JsonNode change = JsonNode.Parse(await ReadAsync(watch))!;
            Assert.Equal(type, (string?)change["type"]);
            versions.Add(long.Parse((string)change["object"]!["metadata"]!["resourceVersion"]!));
        }

        Assert.True(versions[0] < versions[1] && versions[1] < versions[2]);
    }

    [Fact]
    public async Task Watch_with_selector_reports_an_object_that_leaves_it_as_deleted()
    {
        using StreamReader watch = await OpenAsync(
            $"/api/v1/services?watch=1&labelSelector=app%3Dweb&resourceVersion={_server.Version}");
        _server.Apply("{kind: Service, metadata: {name: a, namespace: demo, labels: {app: other}}}");
        Assert.StartsWith("{\"type\":\"DELETED\"", await ReadAsync(watch), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_from_a_compacted_version_ends_with_the_recorded_error()
    {
        long old = _server.Version;
        _server.Apply("{kind: Service, metadata: {name: new, namespace: demo}}");
        _server.Compact();
        using StreamReader watch = await OpenAsync($"/api/v1/services?watch=1&resourceVersion={old}");
        string recorded = Recorded.Lines("watch-410.txt")[0]
            .Replace("version: 10 (369)", $"version: {old} ({_server.Version})");
        Assert.Equal(recorded, await ReadAsync(watch));
        Assert.Null(await watch.ReadLineAsync(Cancel));
    }

    [Fact]
    public async Task Errors_are_the_recorded_ones()
    {
        await AssertErrorAsync("error-400-bad-selector.json", "/api/v1/services?labelSelector=%3D", 400, sameText: false);
        _server.Fail(new() { Code = 410 });
        await AssertErrorAsync("error-410-list.json", "/api/v1/services", 410);
        _server.Fail(new() { Code = 403 });
        await AssertErrorAsync("error-403.json", "/api/v1/secrets", 403);
        _server.Token = "right";
        await AssertErrorAsync("error-401.json", "/api/v1/services", 403);
        _http.DefaultRequestHeaders.Authorization = new("Bearer", "wrong");
        await AssertErrorAsync("error-401-bad-token.json", "/api/v1/services", 401);
    }

    private static string[] Keys(JsonNode node) => [.. ((JsonObject)node).Select(pair => pair.Key)];

    private static string[] Names(JsonObject list) =>
        [.. list["items"]!.AsArray().Select(item => (string)item!["metadata"]!["name"]!)];

    private static async Task<string> ReadAsync(StreamReader watch) =>
        await watch.ReadLineAsync(Cancel) ?? throw new EndOfStreamException();

    private async Task AssertErrorAsync(string file, string path, int code, bool sameText = true)
    {
        JsonObject recorded = (JsonObject)JsonNode.Parse(Recorded.Text(file))!;
        using HttpResponseMessage response = await _http.GetAsync(new Uri(_server.Uri, path), Cancel);
        JsonObject ours = (JsonObject)JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancel))!;
        Assert.Equal((HttpStatusCode)code, response.StatusCode);
        if (sameText)
        {
            Assert.Equal(recorded.ToJsonString(), ours.ToJsonString());
        }
        else
        {
            Assert.Equal(Keys(recorded), Keys(ours));
            Assert.Equal((string?)recorded["reason"], (string?)ours["reason"]);
        }
    }

    private async Task<JsonObject> GetAsync(string path) =>
        (JsonObject)JsonNode.Parse(await _http.GetStringAsync(new Uri(_server.Uri, path), Cancel))!;

    private async Task<StreamReader> OpenAsync(string path)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(_server.Uri, path));
        HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return new StreamReader(await response.Content.ReadAsStreamAsync(Cancel));
    }
}
