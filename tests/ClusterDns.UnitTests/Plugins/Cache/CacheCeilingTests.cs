using System.Security.Cryptography;
using System.Text;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;
using ClusterDns.Plugins.Cache;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Cache;

/// <summary>All caches of the process together hold so many octets and no more.</summary>
public sealed class CacheCeilingTests
{
    private readonly MetricRegistry _metrics = new();

    [Fact]
    public void Two_caches_share_one_ceiling_and_the_newest_entry_is_kept()
    {
        var memory = new MemoryBudget(400_000, _metrics);
        CacheStore[] stores = [new(100_000, memory), new(100_000, memory)];

        for (var index = 0; index < 1000; index++)
        {
            var name = $"n{index}.example.org";
            var entry = Entry(name);
            stores[index & 1].Set(entry, DnsName.Parse(name).Span);
            Assert.Same(entry, stores[index & 1].Find(entry.Key, DnsName.Parse(name).Span));
            Assert.InRange(memory.CachedBytes, 0, 100_000);
        }

        Assert.InRange(memory.CachedBytes, 80_000, 100_000);
        Assert.NotEqual(0, Value("clusterdns_cache_ceiling_evictions_total"));
    }

    [Fact]
    public async Task Names_that_are_asked_for_again_stay_where_many_are_asked_for_once()
    {
        const int Used = 500;
        var chain = new ChainHarness(". {\n cache {\n success 1024\n }\n template IN A {\n answer \"{{ .Name }} 3600 IN A 10.0.0.1\"\n }\n}\n");
        for (var round = 0; round < 20; round++)
        {
            for (var index = 0; index < Used; index++)
            {
                await chain.AskAsync(Name($"used {index}"));
            }

            for (var index = 0; index < 250; index++)
            {
                await chain.AskAsync(Name($"once {round} {index}"));
            }
        }

        // The first question for each name is a miss, and few others are: in 24 processes 9,225 were hits, 42 more or less; with
        // victims at random three in ten are misses.
        var hits = (Counter)chain.Metrics.Families.Single(static family => family.Name == "coredns_cache_hits_total")
            .Series.Single(static series => series.Values.Contains("success")).Series;
        Assert.InRange(hits.Value, 19 * Used * 93 / 100, 19 * Used);
    }

    [Fact]
    public void A_cache_holds_as_many_entries_as_it_may()
    {
        var store = new CacheStore(10_000, new MemoryBudget(1 << 30, _metrics));
        for (var index = 0; index < 30_000; index++)
        {
            var name = $"n{index}.example.org";
            store.Set(Entry(name), DnsName.Parse(name).Span);
        }

        Assert.InRange(store.Count, 9_900, 10_000);
    }

    [Fact]
    public void What_a_cache_held_is_given_back_when_it_closes_and_when_entries_go()
    {
        var memory = new MemoryBudget(1 << 20, _metrics);
        var store = new CacheStore(1024, memory);
        for (var index = 0; index < 5000; index++)
        {
            var name = $"n{index % 3000}.example.org";
            store.Set(Entry(name), DnsName.Parse(name).Span);
        }

        Assert.NotEqual(0, memory.CachedBytes);
        store.Close();
        store.Set(Entry("late.example.org"), DnsName.Parse("late.example.org").Span);

        Assert.Equal(0, memory.CachedBytes);
        Assert.Equal(0, store.Count);
    }

    [Fact]
    public void What_there_is_no_room_for_is_counted()
    {
        var memory = new MemoryBudget(4, _metrics);

        Assert.False(memory.TryCache(2));

        Assert.Equal(1, Value(CeilingCounter.Name));
    }

    [Fact]
    public async Task Refreshes_beyond_those_that_may_be_under_way_are_put_off_and_counted()
    {
        const int AtOnce = 1000;
        var end = new TaskCompletionSource<bool>();
        var services = new ChainHarness(". {\n whoami\n}\n").Services;
        var refresher = new CacheRefresher(services, (_, _) => new ValueTask<bool>(end.Task));
        var entry = Entry("www.example.org");
        var running = Enumerable.Range(0, AtOnce).Select(_ => refresher.StartAsync(new QueryContext(), entry, 0, TransportProtocol.Tcp)).ToArray();

        Assert.False(await refresher.StartAsync(new QueryContext(), entry, 0, TransportProtocol.Tcp));

        Assert.Equal(1, CeilingCounter.Of(services.Metrics, "cache_refreshes").Value);
        end.SetResult(true);
        Assert.All(await Task.WhenAll(running), Assert.True);
    }

    [Fact]
    public async Task A_plan_that_ends_gives_its_cache_back()
    {
        var chain = new ChainHarness(". {\n cache\n hosts {\n 10.0.0.1 www.example.org\n }\n}\n");
        await chain.AskAsync("www.example.org");
        Assert.NotEqual(0, chain.Services.Memory.CachedBytes);

        foreach (var step in chain.Block.Shutdown)
        {
            await step();
        }

        Assert.Equal(0, chain.Services.Memory.CachedBytes);
    }

    // Names that are numbered spread less evenly over the cache's places under the keys of some processes: these are as good as drawn.
    private static string Name(string what) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(what)))[..20] + ".example.org";

    private double Value(string counter) =>
        ((Counter)_metrics.Families.Single(family => family.Name == counter).Series.Single().Series).Value;

    private static CacheEntry Entry(string name)
    {
        var query = new QueryContext();
        var request = ChainHarness.Question(name, RecordType.A);
        request.CopyTo(query.GetMessageBuffer(request.Length), 0);
        query.BeginRequest(request.Length, TransportProtocol.Udp, default, default, new ListenerIdentity("dns://:53", 0));
        Assert.Equal(ReadOutcome.Query, QueryReader.Read(query));
        query.Response.Begin("test", authoritative: true);
        query.Response.AddAnswer(NameRef.QueryName, RecordType.A, 60, [10, 0, 0, 1]);
        return CacheEntry.Create(CacheKey.Of(query), query, ResponseKind.Positive, 60, 0);
    }
}
