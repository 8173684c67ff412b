using ClusterDns.Core.Telemetry;
using ClusterDns.Kubernetes.Plugin;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Transports;
using Xunit;
using static ClusterDns.UnitTests.Kubernetes.Records.TestCluster;

namespace ClusterDns.UnitTests.Kubernetes.Plugin;

/// <summary>A cache in front of a cluster keeps nothing past a change.</summary>
public sealed class CachedAnswerTests
{
    private readonly ClusterHarness _cluster = new ClusterHarness(ClusterHarness.Options() with { Ttl = 3600 }).With(
        Namespace("shop"), Service("shop", "web", "10.96.0.1"));

    private readonly ChainHarness _chain;

    public CachedAnswerTests() =>
        _chain = new ChainHarness(". {\n    cache\n}\n", new KubernetesPlugin(_cluster.State, TransportHarness.Address));

    [Fact]
    public async Task A_change_of_the_service_is_answered_at_once()
    {
        Assert.Equal(["10.96.0.1"], await AskAsync("web"));
        Assert.Equal(["10.96.0.1"], await AskAsync("web"));
        Assert.Equal(1, Hits());

        _cluster.Put(Service("shop", "web", "10.96.0.1"), Service("shop", "web", "10.96.0.2"));

        Assert.Equal(["10.96.0.2"], await AskAsync("web"));
        Assert.Equal(1, Hits());
    }

    [Fact]
    public async Task A_denial_ends_with_what_it_denied()
    {
        Assert.Empty(await AskAsync("new"));
        _cluster.With(Service("shop", "new", "10.96.0.3"));
        Assert.Equal(["10.96.0.3"], await AskAsync("new"));

        _cluster.Delete(Namespace("shop"));
        Assert.Empty(await AskAsync("new"));
    }

    private async Task<string[]> AskAsync(string service)
    {
        var reply = await _chain.AskAsync($"{service}.shop.svc.cluster.local");
        return [.. reply!.Answer.Select(static record => record.ToString().Split(' ')[^1])]; // Not null: something is sent.
    }

    private long Hits() => _chain.Metrics.Families.Single(static family => family.Name == "coredns_cache_hits_total")
        .Series.Sum(static series => ((Counter)series.Series).Value);
}
