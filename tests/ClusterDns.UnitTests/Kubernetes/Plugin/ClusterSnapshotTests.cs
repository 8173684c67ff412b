using ClusterDns.Core.Corefile;
using ClusterDns.Kubernetes.Plugin;
using ClusterDns.Testing.ApiServer;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Processes;
using ClusterDns.Testing.Wire;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Kubernetes.Plugin;

/// <summary>The directive with <c>snapshot</c>, over a double of the API server that comes and goes.</summary>
public sealed class ClusterSnapshotTests : IDisposable
{
    private const string Cluster = """
        kind: Namespace
        metadata: {name: demo}
        ---
        kind: Service
        metadata: {name: web, namespace: demo}
        spec: {type: ClusterIP, clusterIP: 10.96.0.1, clusterIPs: [10.96.0.1], ports: [{name: http, port: 80, protocol: TCP}]}
        ---
        kind: Service
        metadata: {name: old, namespace: demo}
        spec: {type: ClusterIP, clusterIP: 10.96.0.2, clusterIPs: [10.96.0.2], ports: [{port: 80, protocol: TCP}]}
        """;

    private readonly CancellationToken _token = TestContext.Current.CancellationToken;
    private readonly string _folder = Directory.CreateTempSubdirectory("clusterdns").FullName;
    private readonly KeptLog _log = new();
    private readonly int _port = FreePorts.Take();

    private string File => Path.Combine(_folder, "snapshot");

    [Fact]
    public async Task Without_an_API_server_the_snapshot_answers_and_says_so()
    {
        await WriteSnapshotAsync();
        var chain = Chain();
        await chain.StartAsync();

        var known = await AskAsync(chain, "web.demo.svc.cluster.local.");
        Assert.Equal(["web.demo.svc.cluster.local. 5 IN A 10.96.0.1"], known.Answer.Select(static record => record.ToString()));
        Assert.Equal([15, 0, 2, 0, 3], Extended(known));
        var unknown = await AskAsync(chain, "new.demo.svc.cluster.local.");
        Assert.Equal(3, unknown.ResponseCode);
        Assert.Equal([15, 0, 2, 0, 19], Extended(unknown));
        Assert.Null((await chain.AskAsync("web.demo.svc.cluster.local."))!.Opt);
        Assert.Equal(200, chain.Get("/ready").Status);
        Assert.Matches(
            @"^OK\nkubernetes cluster\.local\.: stale, from a snapshot: data as of version namespaces=\d+ services=\d+ endpointslices=\d+, age \d+ s\n$",
            System.Text.Encoding.UTF8.GetString(chain.Get("/ready").Body.Span));
        await StopAsync(chain);
    }

    [Fact]
    public async Task Without_a_snapshot_nothing_is_denied()
    {
        var chain = Chain("startup_timeout 10ms");
        await chain.StartAsync();

        Assert.Equal(2, (await AskAsync(chain, "web.demo.svc.cluster.local.")).ResponseCode);
        Assert.Equal(503, chain.Get("/ready").Status);
        await StopAsync(chain);
        Assert.False(System.IO.File.Exists(File), "what is not complete is not written");
    }

    [Fact]
    public async Task What_changed_meanwhile_is_put_right_when_the_API_server_is_back()
    {
        await WriteSnapshotAsync();
        var chain = Chain();
        await chain.StartAsync();
        Assert.Single((await AskAsync(chain, "old.demo.svc.cluster.local.")).Answer);
        await using var api = await ApiAsync(Cluster.Replace("10.96.0.1", "10.96.0.3", StringComparison.Ordinal));
        api.Delete("Service", "demo", "old");

        await UntilAsync(async () => Extended(await AskAsync(chain, "web.demo.svc.cluster.local.")).Length == 0);

        Assert.Equal("web.demo.svc.cluster.local. 5 IN A 10.96.0.3", (await AskAsync(chain, "web.demo.svc.cluster.local.")).Answer[0].ToString());
        Assert.Equal(3, (await AskAsync(chain, "old.demo.svc.cluster.local.")).ResponseCode);
        Assert.DoesNotContain("stale", System.Text.Encoding.UTF8.GetString(chain.Get("/ready").Body.Span), StringComparison.Ordinal);
        await StopAsync(chain);
    }

    [Theory]
    [InlineData("damaged", "it is damaged")]
    [InlineData("cut", "it is damaged")]
    [InlineData("empty", "it is no snapshot")]
    [InlineData("folder", "Access to the path")]
    [InlineData("options", "it is of another cluster or made with other options")]
    [InlineData("cluster", "it is of another cluster or made with other options")]
    [InlineData("old", "its data are ")]
    public async Task What_cannot_be_used_is_ignored_with_one_line(string fault, string said)
    {
        await WriteSnapshotAsync();
        var octets = await System.IO.File.ReadAllBytesAsync(File, _token);
        switch (fault)
        {
            case "damaged":
                octets[^40] ^= 1;
                await System.IO.File.WriteAllBytesAsync(File, octets, _token);
                break;
            case "cut":
                await System.IO.File.WriteAllBytesAsync(File, octets[..^1], _token);
                break;
            case "empty":
                await System.IO.File.WriteAllBytesAsync(File, [], _token);
                break;
            case "folder":
                System.IO.File.Delete(File);
                Directory.CreateDirectory(File);
                break;
        }

        var chain = fault switch
        {
            "options" => Chain("startup_timeout 10ms\n pods verified"),
            "cluster" => Chain("startup_timeout 10ms", port: FreePorts.Take()),
            "old" => Chain("startup_timeout 10ms", snapshot: "{\n max_age 1s\n }", time: new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(1))),
            _ => Chain("startup_timeout 10ms"),
        };
        var before = _log.Lines.Length;
        var starting = chain.StartAsync();
        while (!starting.IsCompleted)
        {
            (chain.Services.Time as FakeTimeProvider)?.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Delay(1, _token);
        }

        await starting;
        Assert.StartsWith(
            $"Warning plugin/kubernetes: the snapshot {File} is ignored: {said}",
            Assert.Single(_log.Lines[before..], static line => line.Contains("snapshot", StringComparison.Ordinal)),
            StringComparison.Ordinal);
        Assert.Equal(2, (await AskAsync(chain, "web.demo.svc.cluster.local.")).ResponseCode);
        await StopAsync(chain);
    }

    [Fact]
    public void The_option_is_read_with_its_defaults()
    {
        Assert.Equal(
            (TimeSpan.FromHours(24), TimeSpan.FromSeconds(10)),
            (new SnapshotOptions("x").MaxAge, new SnapshotOptions("x").Interval));
        foreach (var wrong in (string[])["snapshot", "snapshot a b", "snapshot a {\n age 1s\n }", "snapshot a {\n interval 1ms\n }", "snapshot a {\n max_age 0\n }", "snapshot a\n manifests ."])
        {
            Assert.Throws<CorefileException>(() => new ChainHarness($".:53 {{\n kubernetes cluster.local {{\n {wrong}\n }}\n}}\n"));
        }
    }

    public void Dispose() => Directory.Delete(_folder, true);

    private static int[] Extended(WireMessage reply) =>
        [.. (reply.Opt?.Options ?? []).SelectMany(static option => (int[])[option.Code, 0, option.Value.Length, .. option.Value])];

    private async Task WriteSnapshotAsync()
    {
        await using var api = await ApiAsync(Cluster);
        var chain = Chain("startup_timeout 90s");
        await chain.StartAsync();
        Assert.Empty(Extended(await AskAsync(chain, "web.demo.svc.cluster.local.")));
        await StopAsync(chain);
        Assert.True(System.IO.File.Exists(File), "the end writes what is not on disk yet");
        Assert.Single(Directory.GetFiles(_folder));
    }

    private async Task<FakeApiServer> ApiAsync(string objects)
    {
        var api = await FakeApiServer.StartAsync(new() { Port = _port });
        api.Apply(objects);
        return api;
    }

    private ChainHarness Chain(string more = "", int? port = null, string snapshot = "", TimeProvider? time = null) => new(
        $".:53 {{\n ready 127.0.0.1:8181\n kubernetes cluster.local {{\n endpoint http://127.0.0.1:{port ?? _port}\n snapshot {File} {snapshot}\n {more}\n }}\n}}\n",
        time: time, loggers: _log);

    private static async Task<WireMessage> AskAsync(ChainHarness chain, string name) => (await chain.AskAsync(name, edns: 1232))!;

    private async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
        {
            await Task.Delay(5, _token);
        }
    }

    private static async Task StopAsync(ChainHarness chain)
    {
        foreach (var step in chain.Block.Shutdown)
        {
            await step();
        }
    }
}
