using System.Net;
using System.Net.Sockets;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Plugins;

/// <summary>Directives that ask somebody for each query let a bounded number wait, and count those beyond.</summary>
public sealed class WaitingCeilingTests
{
    [Theory]
    [InlineData("etcd skydns.test {{\n endpoint http://127.0.0.1:{0}\n}}", 1000, "etcd_waiting")]
    [InlineData("nomad skydns.test {{\n address http://127.0.0.1:{0}\n}}", 1000, "nomad_waiting")]
    [InlineData("forward . https://127.0.0.1:{0} {{\n tls_servername a.test\n max_fails 0\n}}", 1024, "forward_waiting")]
    public async Task Queries_beyond_those_that_may_wait_fail_at_once_and_are_counted(string directive, int most, string ceiling)
    {
        var time = new FakeTimeProvider();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var corefile = string.Format(null, directive, ((IPEndPoint)listener.LocalEndpoint).Port);
        var chain = new ChainHarness($". {{\n{corefile}\n}}\n", time: time);
        var counter = CeilingCounter.Of(chain.Metrics, ceiling);
        var waiting = Enumerable.Range(0, most).Select(n => AskAsync(chain, $"n{n}.default.skydns.test")).ToArray();
        Assert.Equal(0, counter.Value);

        var query = new QueryContext();
        var late = chain.RunAsync(query, ChainHarness.Question("late.default.skydns.test", RecordType.A));

        Assert.True(late.IsCompletedSuccessfully);
        Assert.NotEqual(0, counter.Value);
        Assert.Contains("too many queries wait", query.Response.Error, StringComparison.Ordinal);
        await EndAsync(time, Task.WhenAll(waiting));
    }

    private static Task<bool> AskAsync(ChainHarness chain, string name) =>
        chain.RunAsync(new QueryContext(), ChainHarness.Question(name, RecordType.A));

    private static async Task EndAsync(FakeTimeProvider time, Task all)
    {
        while (!all.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(all, Task.Delay(1, TestContext.Current.CancellationToken));
        }
    }
}
