using System.Diagnostics;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Wire;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Forward;

/// <summary>A chain of <c>forward</c> lines under a clock that the test moves.</summary>
internal sealed class ForwardChain : IAsyncDisposable
{
    private static readonly TimeSpan MaxStep = TimeSpan.FromMilliseconds(50);

    private readonly ChainHarness _chain;

    /// <param name="lines">Lines of a server block for the root zone.</param>
    public ForwardChain(string lines, IQueryHandler? last = null)
    {
        _chain = new ChainHarness($".:53 {{\n{lines}\n}}\n", last, Time);
    }

    public FakeTimeProvider Time { get; } = new();

    /// <summary>The text of the last failure that <see cref="AskAsync"/> met; null: none.</summary>
    public string? Error { get; private set; }

    public async Task<WireMessage> AskAsync(
        string name = "www.example.com", RecordType type = RecordType.A, ushort? edns = null)
    {
        var query = new QueryContext();
        Assert.True(await _chain.RunAsync(query, ChainHarness.Question(name, type, edns: edns)).WaitAsync(Patience.Limit));
        Error = query.Response.Error;
        var output = new byte[ushort.MaxValue];
        return WireMessage.Decode(output[..ResponseWriter.ForThread.Write(query, output)]);
    }

    public long Count(string counter, params string[] values) =>
        _chain.Metrics.Families.Single(family => family.Name == counter).Series
            .Where(series => values.All(series.Values.Contains))
            .Sum(static series => ((Counter)series.Series).Value);

    /// <summary>
    /// Moves the clock in small steps until <paramref name="done"/>, at most ten times as fast as it would run: what a real socket
    /// carries must come before its time-out on a busy machine too.
    /// </summary>
    public async Task RunAsync(Task done)
    {
        while (!done.IsCompleted)
        {
            var start = Stopwatch.GetTimestamp();
            await Task.WhenAny(done, Task.Delay(1, TestContext.Current.CancellationToken));
            var step = 10 * Stopwatch.GetElapsedTime(start);
            Time.Advance(step < MaxStep ? step : MaxStep);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var step in _chain.Block.Shutdown)
        {
            await step();
        }
    }
}
