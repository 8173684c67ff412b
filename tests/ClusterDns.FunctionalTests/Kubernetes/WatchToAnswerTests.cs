using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Kubernetes.Plugin;
using ClusterDns.Protocol.Records;
using ClusterDns.Server.Transports;
using ClusterDns.Testing;
using ClusterDns.Testing.ApiServer;
using ClusterDns.Testing.Processes;
using ClusterDns.Testing.Transports;
using ClusterDns.Testing.Wire;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.FunctionalTests.Kubernetes;

/// <summary>From a change in the API server to the answer a client gets, over real sockets.</summary>
public sealed class WatchToAnswerTests : IAsyncDisposable
{
    private const string Objects = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: data}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: db, namespace: data}
        spec: {type: ClusterIP, clusterIP: None, clusterIPs: [None], ports: [{name: pg, port: 5432, protocol: TCP}]}
        """;

    private readonly string _kubeconfig = Path.GetTempFileName();
    private TransportHarness _harness = new(TimeProvider.System);
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;
    private BlockContext? _block;
    private ITransport? _transport;

    // The clock stands still: nothing between the event and the answer waits for it, so that how long it takes is the machine's affair.
    [Fact]
    public async Task A_change_of_endpoints_is_answered_without_waiting_for_a_clock()
    {
        await using var api = await FakeApiServer.StartAsync(new FakeApiServerOptions());
        api.Apply(Objects);
        api.Apply(Slice(1));
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        _harness = new TransportHarness(time);
        var starting = StartAsync(api);
        while (!starting.IsCompleted)
        {
            // No faster than it runs: the API server's silence for too long would mean something.
            var passing = Stopwatch.GetTimestamp();
            await Task.Delay(1, _token);
            time.Advance(Stopwatch.GetElapsedTime(passing));
        }

        await starting;
        await api.WaitForWatchesAsync("endpointslices", 1, _token);
        await AskUntilAsync("10.0.0.1");

        for (var number = 2; number < 30; number++)
        {
            api.Apply(Slice(number));
            await AskUntilAsync($"10.0.0.{number}");
        }
    }

    [Fact]
    public async Task A_server_that_is_away_at_the_start_is_waited_for_and_then_answered_from()
    {
        var port = FreePorts.Take();
        var api = await FakeApiServer.StartAsync(new FakeApiServerOptions { Port = port });
        api.WriteKubeconfig(_kubeconfig);
        await api.DisposeAsync();

        await StartAsync("startup_timeout 50ms");
        Assert.Equal((int)Protocol.Messages.ResponseCode.ServFail, (await AskAsync()).ResponseCode);
        Assert.Contains(_block!.Readiness, static part => part.Plugin == "kubernetes" && !part.IsReady());

        await using var returned = await FakeApiServer.StartAsync(new FakeApiServerOptions { Port = port });
        returned.Apply(Objects);
        returned.Apply(Slice(1));
        await AskUntilAsync("10.0.0.1");
        await UntilAsync(() => Task.FromResult(_block!.Readiness[0].IsReady()));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var step in _block?.Shutdown ?? [])
        {
            await step();
        }

        await _harness.DisposeAsync();
        File.Delete(_kubeconfig);
    }

    private static string Slice(int number) => $$"""
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata:
          name: db-a
          namespace: data
          labels: {kubernetes.io/service-name: db}
        addressType: IPv4
        endpoints:
        - addresses: [10.0.0.{{number}}]
          conditions: {ready: true}
        ports: [{name: pg, port: 5432, protocol: TCP}]
        """;

    private async Task StartAsync(FakeApiServer api)
    {
        api.WriteKubeconfig(_kubeconfig);
        await StartAsync("ttl 30");
    }

    private async Task StartAsync(string property)
    {
        var text = $"cluster.local {{\n    kubernetes {{\n        kubeconfig {_kubeconfig}\n        {property}\n    }}\n}}\n";
        _block = new BlockContext(CorefileReader.ReadText(text, "Corefile", static _ => null).Blocks[0], _harness.Services);
        var chain = KubernetesDirective.Configure(_block.Block.DirectivesNamed("kubernetes"), _block)!(TransportHarness.Address);
        foreach (var step in _block.Startup)
        {
            await step(_token);
        }

        _transport = _harness.Start(_harness.Group(chain));
    }

    private Task AskUntilAsync(string address) =>
        UntilAsync(async () => (await AskAsync()).Answer.Any(record => record.ToString().EndsWith(" A " + address, StringComparison.Ordinal)));

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience.Limit, "it never came true");
            await Task.Yield();
        }
    }

    private async Task<WireMessage> AskAsync()
    {
        using var client = new UdpClient();
        client.Connect(new IPEndPoint(IPAddress.Loopback, _transport!.LocalEndPoint.Port));
        var query = new WireMessage { Id = 1 };
        query.Questions.Add(new WireQuestion(WireName.Parse("db.data.svc.cluster.local."), (ushort)RecordType.A, 1));
        await client.SendAsync(query.Encode(), _token);
        return WireMessage.Decode((await client.ReceiveAsync(_token)).Buffer);
    }
}
