using ClusterDns.Core.Pipeline;

namespace ClusterDns.UnitTests.Plugins.Forward;

/// <summary>What most tests of <c>forward</c> need: two upstreams that do as they are told, until the test is over.</summary>
public abstract class TwoUpstreams : IAsyncDisposable
{
    private protected ScriptedUpstream First { get; } = new();

    private protected ScriptedUpstream Second { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await First.DisposeAsync();
        await Second.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <param name="lines">Lines of a server block; <c>{0}</c> and <c>{1}</c> stand for the upstreams.</param>
    private protected ForwardChain Chain(string lines, IQueryHandler? last = null) =>
        new(string.Format(null, lines, $"127.0.0.1:{First.Port}", $"127.0.0.1:{Second.Port}"), last);
}
