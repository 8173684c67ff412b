using ClusterDns.Kubernetes.Objects;
using ClusterDns.Testing;
using ClusterDns.Testing.ApiServer;
using ClusterDns.Testing.Processes;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Kubernetes.Sync;

public sealed class ReflectorTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static string Service(string name, string address = "10.96.0.7", string @namespace = "demo") =>
        $"{{kind: Service, metadata: {{name: {name}, namespace: {@namespace}}}, spec: {{clusterIP: {address}}}}}";

    [Theory]
    [InlineData(InitialEvents.Supported)]
    [InlineData(InitialEvents.Refused)]
    public async Task Run_lists_then_follows_changes(InitialEvents mode)
    {
        await using FakeApiServer server = await FakeApiServer.StartAsync(new() { InitialEvents = mode });
        server.Apply(Service("a"));
        await using SourceUnderTest source = SourceUnderTest.Start(server);
        await source.Services.UntilAsync(() => source.Services.IsSynced);
        Assert.Equal(["+demo/a", "synced"], source.Services.Log);

        server.Apply(Service("b"));
        server.Apply(Service("a", "10.96.0.8"));
        server.Delete("Service", "demo", "b");
        await source.Services.UntilAsync(() => source.Services.Log.Length == 5);
        Assert.Equal(["+demo/a", "synced", "+demo/b", "~demo/a", "-demo/b"], source.Services.Log);
        Assert.Equal(["10.96.0.8"], source.Services.Find("demo/a")!.ClusterIPs);
        Assert.Empty(source.Log.Lines);
    }

    [Fact]
    public async Task Run_is_not_confused_by_a_server_that_ignores_initial_events()
    {
        await using FakeApiServer server = await FakeApiServer.StartAsync(new() { InitialEvents = InitialEvents.Ignored });
        server.Apply(Service("a"));
        FakeTimeProvider time = new();
        await using SourceUnderTest source = SourceUnderTest.Start(server, time: time);
        await source.Services.UntilAsync(() => source.Services.Keys == "demo/a");
        Assert.False(source.IsSynced);

        await AdvanceUntilAsync(time, () => source.IsSynced);
        server.Apply(Service("b"));
        await source.Services.UntilAsync(() => source.Services.Keys == "demo/a demo/b");
    }

    [Fact]
    public async Task Run_takes_a_plain_bookmark_as_the_sign_of_such_a_server()
    {
        await using FakeApiServer server = await FakeApiServer.StartAsync(new() { InitialEvents = InitialEvents.Ignored });
        await using SourceUnderTest source = SourceUnderTest.Start(server, time: new FakeTimeProvider());
        await server.WaitForWatchesAsync("services", 1, Cancel);
        server.SendBookmarks();
        await source.Services.UntilAsync(() => source.Services.IsSynced);
    }

    [Fact]
    public async Task Run_reads_every_page_of_a_long_list()
    {
        await using FakeApiServer server = await FakeApiServer.StartAsync(new() { InitialEvents = InitialEvents.Refused });
        server.Apply(string.Join("\n---\n", Enumerable.Range(0, 1203).Select(i => Service($"s{i:D4}"))));
        await using SourceUnderTest source = SourceUnderTest.Start(server);
        await source.Services.UntilAsync(() => source.Services.IsSynced);
        Assert.Equal(1203, source.Services.Items.Length);
        Assert.Equal(3, server.Requests.Count(item => item.Resource?.Plural == "services" && !item.IsWatch));
    }

    [Theory]
    [InlineData(WatchBreak.EndOfStream)]
    [InlineData(WatchBreak.Reset)]
    [InlineData(WatchBreak.TornLine)]
    [InlineData(WatchBreak.InternalError)]
    public async Task Run_resumes_from_the_last_version_after_a_watch_ends(WatchBreak how)
    {
        await using FakeApiServer server = await FakeApiServer.StartAsync(new());
        server.Apply(Service("a"));
        await using SourceUnderTest source = SourceUnderTest.Start(server);
        await source.Services.UntilAsync(() => source.Services.IsSynced);
        server.Apply(Service("b"));
        await source.Services.UntilAsync(() => source.Services.Keys == "demo/a demo/b");
        long seen = server.Version;

        server.BreakWatches(how);
        server.Apply(Service("c"));
        server.Delete("Service", "demo", "a");
        await source.Services.UntilAsync(() => source.Services.Keys == "demo/b demo/c");
        Assert.Equal(["+demo/a", "synced", "+demo/b", "+demo/c", "-demo/a"], source.Services.Log);
        Assert.Equal($"{seen}", server.Requests.Last(item => item.Resource?.Plural == "services").Value("resourceVersion"));
    }

    [Fact]
    public async Task Run_resumes_from_the_version_of_a_bookmark()
    {
        await using FakeApiServer server = await FakeApiServer.StartAsync(new());
        await using SourceUnderTest source = SourceUnderTest.Start(server);
        await source.UntilSyncedAsync();
        server.Apply("{kind: Namespace, metadata: {name: later}}");
        await source.Namespaces.UntilAsync(() => source.Namespaces.Keys == "later");
        server.SendBookmarks();
        server.Compact();
        server.BreakWatches(WatchBreak.EndOfStream);
        server.Apply(Service("a"));
        await source.Services.UntilAsync(() => source.Services.Keys == "demo/a");
        Assert.Single(server.Requests, item =>
            item.Resource?.Plural == "services" && item.Value("sendInitialEvents") == "true");
    }

    [Theory]
    [InlineData(InitialEvents.Supported, WatchBreak.Gone)]
    [InlineData(InitialEvents.Refused, WatchBreak.Gone)]
    [InlineData(InitialEvents.Supported, WatchBreak.Garbage)]
    public async Task Run_lists_again_and_gives_the_difference_when_its_version_is_gone(InitialEvents mode, WatchBreak how)
    {
        await using FakeApiServer server = await FakeApiServer.StartAsync(new() { InitialEvents = mode });
        server.Apply($"{Service("a")}\n---\n{Service("b")}\n---\n{Service("c")}");
        await using SourceUnderTest source = SourceUnderTest.Start(server);
        await source.Services.UntilAsync(() => source.Services.IsSynced);
        int before = source.Services.Log.Length;

        // Behind a list the watch is another request: one that came behind the break would be told of every change.
        await server.WaitForWatchesAsync("services", 1, Cancel);
        TaskCompletionSource hold = new();
        server.Fail(new() { Plural = "services", Until = hold.Task, Times = 2 });
        server.BreakWatches(how, "services");
        server.Delete("Service", "demo", "a");
        server.Apply(Service("b", "10.96.0.9"));
        server.Apply(Service("d"));
        server.Compact();
        hold.SetResult();
        await source.Services.UntilAsync(() => source.Services.Keys == "demo/b demo/c demo/d");
        Assert.Equal(["+demo/d", "-demo/a", "~demo/b"],
            source.Services.Log.Skip(before).Order(StringComparer.Ordinal));
        Assert.Equal("-demo/a", source.Services.Log[^1]);
    }

    [Fact]
    public async Task Run_lists_again_when_a_watch_is_answered_410()
    {
        await using FakeApiServer server = await FakeApiServer.StartAsync(new());
        server.Apply(Service("a"));
        await using SourceUnderTest source = SourceUnderTest.Start(server);
        await source.UntilSyncedAsync();
        server.Fail(new() { Plural = "services", Code = 410 });
        server.Delete("Service", "demo", "a");
        await source.Services.UntilAsync(() => source.Services.Keys == "");
        server.BreakWatches(WatchBreak.EndOfStream, "services");
        server.Apply(Service("z"));
        await source.Services.UntilAsync(() => source.Services.Keys == "demo/z");
    }

    [Fact]
    public async Task Run_drops_nothing_before_a_new_list_is_complete()
    {
        await using FakeApiServer server = await FakeApiServer.StartAsync(new() { InitialEvents = InitialEvents.Refused });
        server.Apply($"{Service("a")}\n---\n{Service("b")}");
        await using SourceUnderTest source = SourceUnderTest.Start(server);
        await source.UntilSyncedAsync();

        server.Fail(new() { Plural = "services", Watch = false, CutAfter = 300, Times = 2 });
        server.Delete("Service", "demo", "a");
        await source.Services.UntilAsync(() => source.Services.Keys == "demo/b");
        int before = source.Services.Log.Length;
        server.BreakWatches(WatchBreak.Gone, "services");
        server.Apply(Service("c"));
        await source.Services.UntilAsync(() => source.Services.Keys == "demo/b demo/c");
        Assert.Equal(["+demo/c"], source.Services.Log.Skip(before));
        await Patience.UntilAsync(() => source.Log.Lines.Length >= 2, Cancel);
        Assert.Contains(source.Log.Lines, line => line.StartsWith("W cannot read services", StringComparison.Ordinal));
        Assert.Contains(source.Log.Lines, line => line.StartsWith("I reading services", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(429)]
    public async Task Run_waits_out_refusals_and_logs_them_once(int code)
    {
        await using FakeApiServer server = await FakeApiServer.StartAsync(new());
        server.Fail(new() { Plural = "services", Code = code, Times = 3 });
        server.Apply(Service("a"));
        await using SourceUnderTest source = SourceUnderTest.Start(server);
        await source.Services.UntilAsync(() => source.Services.IsSynced);
        Assert.Equal("demo/a", source.Services.Keys);
        Assert.Equal(2, source.Log.Lines.Length);
        Assert.Contains($": {code} ", source.Log.Lines[0], StringComparison.Ordinal);
        Assert.Equal(3, source.Observer.Requests.Count(item => item.Code == code));
    }

    [Fact]
    public async Task Run_lists_again_when_the_server_keeps_refusing_its_version()
    {
        await using FakeApiServer server = await FakeApiServer.StartAsync(new());
        server.Apply(Service("a"));
        FakeTimeProvider time = new();
        await using SourceUnderTest source = SourceUnderTest.Start(server, time: time);
        await source.UntilSyncedAsync();
        server.Fail(new() { Plural = "services", Code = 504, Times = 5 });
        server.BreakWatches(WatchBreak.EndOfStream, "services");
        server.Apply(Service("b"));
        await AdvanceUntilAsync(time, () => source.Services.Keys == "demo/a demo/b");
        ApiRequest[] requests = [.. server.Requests.Where(item => item.Resource?.Plural == "services")];
        Assert.Equal("true", requests[^1].Value("sendInitialEvents"));
        Assert.Equal(["+demo/a", "synced", "+demo/b"], source.Services.Log);
    }

    [Fact]
    public async Task Run_waits_for_a_server_that_is_away()
    {
        int port = FreePorts.Take();
        FakeApiServer first = await FakeApiServer.StartAsync(new() { Port = port });
        await first.DisposeAsync();
        await using SourceUnderTest source = SourceUnderTest.Start(first);
        await Patience.UntilAsync(() => source.Log.Lines.Length >= 2, Cancel);
        Assert.False(source.IsSynced);
        await using FakeApiServer second = await FakeApiServer.StartAsync(new() { Port = port });
        second.Apply(Service("a"));
        await source.Services.UntilAsync(() => source.Services.IsSynced);
        Assert.Equal("demo/a", source.Services.Keys);
    }

    [Fact]
    public async Task Run_reads_a_new_token_after_the_old_one_is_refused()
    {
        await using FakeApiServer server = await FakeApiServer.StartAsync(new());
        server.Token = "first";
        string folder = Directory.CreateTempSubdirectory("clusterdns").FullName;
        string kubeconfig = Path.Combine(folder, "config");
        server.WriteKubeconfig(kubeconfig);
        await File.WriteAllTextAsync(kubeconfig, (await File.ReadAllTextAsync(kubeconfig, Cancel))
            .Replace("token: first", "tokenFile: token"), Cancel);
        await File.WriteAllTextAsync(Path.Combine(folder, "token"), "first\n", Cancel);
        await using SourceUnderTest source = SourceUnderTest.Start(server, new() { KubeconfigFile = kubeconfig });
        await source.Services.UntilAsync(() => source.Services.IsSynced);

        server.Token = "second";
        await File.WriteAllTextAsync(Path.Combine(folder, "token"), "second\n", Cancel);
        server.BreakWatches(WatchBreak.EndOfStream);
        server.Apply(Service("a"));
        await source.Services.UntilAsync(() => source.Services.Keys == "demo/a");
        Assert.Contains(source.Observer.Requests, item => item.Code == 401);
        Directory.Delete(folder, true);
    }

    [Fact]
    public async Task Run_passes_selectors_and_namespaces_to_the_server()
    {
        await using FakeApiServer server = await FakeApiServer.StartAsync(new());
        server.Apply($"{Service("a", @namespace: "one")}\n---\n{Service("b", @namespace: "two")}\n---\n"
            + $"{Service("c", @namespace: "three")}\n---\n"
            + "{kind: Pod, metadata: {name: gone, namespace: one, labels: {k: v}}, status: {phase: Succeeded, podIP: 10.0.0.1}}"
            + "\n---\n"
            + "{kind: Pod, metadata: {name: there, namespace: one, labels: {k: v}}, status: {phase: Running, podIP: 10.0.0.2}}");
        RecordingSink<Pod> pods = new();
        RecordingSink<Service> services = new();
        RecordingSink<Namespace> namespaces = new();
        await using SourceUnderTest source = SourceUnderTest.Start(
            server,
            new()
            {
                Endpoint = server.Uri.ToString(),
                Namespaces = ["one", "two"],
                LabelSelector = "k in (v,w)",
                NamespaceLabelSelector = "tier=app",
            },
            sinks: new() { Services = services, Namespaces = namespaces, Pods = pods });
        await pods.UntilAsync(() => pods.IsSynced);
        Assert.Equal("one/there", pods.Keys);
        await services.UntilAsync(() => services.IsSynced);
        Assert.Equal("", services.Keys);
        await namespaces.UntilAsync(() => namespaces.IsSynced);
        Assert.Contains(server.Requests, item => item.Path == "/api/v1/namespaces/two/services"
            && item.Value("labelSelector") == "k in (v,w)");
        Assert.Contains(server.Requests, item => item.Path == "/api/v1/namespaces"
            && item.Value("labelSelector") == "tier=app");
    }

    [Fact]
    public async Task Run_asks_for_random_time_outs_and_says_who_it_is()
    {
        await using FakeApiServer server = await FakeApiServer.StartAsync(new());
        await using SourceUnderTest source = SourceUnderTest.Start(server);
        await source.Services.UntilAsync(() => source.Services.IsSynced);
        ApiRequest request = server.Requests.First(item => item.Resource?.Plural == "services");
        Assert.Equal("450", request.Value("timeoutSeconds"));
        Assert.Matches(@"^ClusterDns/\d+\.\d+\.\d+ \(\w+/\w+\)$", request.UserAgent);
    }

    private static async Task AdvanceUntilAsync(FakeTimeProvider time, Func<bool> condition)
    {
        using CancellationTokenSource late = new(Patience.Limit);
        while (!condition())
        {
            late.Token.ThrowIfCancellationRequested();
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(5), Cancel);
        }
    }
}
