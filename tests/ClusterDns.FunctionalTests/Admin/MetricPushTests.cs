using ClusterDns.FunctionalTests.Serving;
using ClusterDns.Testing;
using ClusterDns.Testing.Processes;
using Xunit;

namespace ClusterDns.FunctionalTests.Admin;

/// <summary>A process that is told of a collector sends its metrics there.</summary>
public sealed class MetricPushTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("clusterdns").FullName;
    private readonly int _port = FreePorts.Take();
    private readonly Collector _collector = new();

    [Fact]
    public async Task Metrics_are_posted_to_the_collector()
    {
        await using ServerProcess process = Start(_collector.Address.ToString(), interval: 100);
        Assert.True(await process.WaitUntilAsync(() => ReceivedAsync("coredns_build_info"), Patience.Limit), process.Output);
        Assert.True(await process.WaitUntilAsync(() => Task.FromResult(KubeadmServer.HasStarted(process)), Patience.Limit), process.Output);

        // A family's series come when they are counted in: a histogram is its sum and its count.
        await new DnsPeer(_port).AskAsync("example.test.", "A");
        foreach (string name in (string[])["coredns_dns_requests_total", "coredns_dns_request_duration_seconds_sum", "coredns_dns_request_duration_seconds_count"])
        {
            Assert.True(await process.WaitUntilAsync(() => ReceivedAsync(name), Patience.Limit), name);
        }
    }

    [Fact]
    public async Task What_was_counted_last_is_posted_at_the_end()
    {
        // The end gives the last post a second, which the first one of a process may need for itself: it is made before.
        await using ServerProcess process = Start(_collector.Address.ToString(), interval: 3_000);
        Assert.True(await process.WaitUntilAsync(() => Task.FromResult(KubeadmServer.HasStarted(process)), Patience.Limit), process.Output);
        Assert.True(await process.WaitUntilAsync(() => ReceivedAsync("coredns_build_info"), Patience.Limit), process.Output);
        Assert.False(await ReceivedAsync("coredns_dns_requests_total"));
        await new DnsPeer(_port).AskAsync("example.test.", "A");
        await process.SignalAsync("TERM");
        Assert.True(await process.WaitForExitAsync(Patience.Limit), process.Output);
        Assert.True(await ReceivedAsync("coredns_dns_requests_total"));
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public async Task A_collector_that_is_away_keeps_nobody_waiting()
    {
        _collector.Dispose();
        await using ServerProcess process = Start(_collector.Address.ToString(), interval: 100);
        Assert.True(await process.WaitUntilAsync(() => Task.FromResult(KubeadmServer.HasStarted(process)), Patience.Limit), process.Output);
        Assert.NotEmpty((await new DnsPeer(_port).AskAsync("example.test.", "A")).Additional);
        await process.SignalAsync("TERM");
        Assert.True(await process.WaitForExitAsync(Patience.Limit), process.Output);
        Assert.Equal(0, process.ExitCode);
    }

    public void Dispose()
    {
        _collector.Dispose();
        Directory.Delete(_folder, true);
    }

    private Task<bool> ReceivedAsync(string name) => Task.FromResult(_collector.Received("/v1/metrics", name));

    private ServerProcess Start(string collector, int interval)
    {
        File.WriteAllText(Path.Combine(_folder, "Corefile"), $".:{_port} {{\nprometheus 127.0.0.1:{FreePorts.Take()}\nwhoami\n}}\n");
        Dictionary<string, string> environment = new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = $"{interval}",
        };
        return ServerProcess.Start(KubeadmServer.Executable, _folder, environment);
    }
}
