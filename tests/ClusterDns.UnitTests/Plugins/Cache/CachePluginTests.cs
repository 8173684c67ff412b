using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Edns;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Transports;
using ClusterDns.Testing.Wire;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Cache;

public sealed class CachePluginTests
{
    private static readonly DnsName Zone = DnsName.Parse("example.com");
    private static readonly byte[] Soa = [1, (byte)'n', 0, 1, (byte)'h', 0, .. new byte[20]];

    private readonly FakeTimeProvider _time = new();
    private int _asked;

    [Fact]
    public async Task A_second_question_is_answered_from_the_cache_with_what_is_left_of_the_TTL()
    {
        var chain = Chain("cache", Address(ttl: 60));

        Assert.Equal(["www.example.com. 60 IN A 10.0.0.1"], Lines(await chain.AskAsync("www.example.com")));
        _time.Advance(TimeSpan.FromSeconds(20.5));
        Assert.Equal(["www.example.com. 40 IN A 10.0.0.1"], Lines(await chain.AskAsync("www.example.com")));
        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task An_answer_past_its_TTL_is_asked_for_again()
    {
        var chain = Chain("cache", Address(ttl: 60));

        await chain.AskAsync("www.example.com");
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(["www.example.com. 60 IN A 10.0.0.2"], Lines(await chain.AskAsync("www.example.com")));
    }

    [Theory]
    [InlineData("cache", 0u, 5u)]
    [InlineData("cache", 7200u, 3600u)]
    [InlineData("cache 30", 7200u, 30u)]
    [InlineData("cache {\n success 1024 100 20\n}", 3u, 20u)]
    [InlineData("cache {\n success 1024 100 20\n}", 300u, 100u)]
    public async Task TTLs_stay_within_their_limits_in_the_first_reply_too(string directive, uint ttl, uint expected)
    {
        var chain = Chain(directive, Address(ttl));

        Assert.Equal([$"www.example.com. {expected} IN A 10.0.0.1"], Lines(await chain.AskAsync("www.example.com")));
    }

    [Fact]
    public async Task Keepttl_does_not_count_down()
    {
        var chain = Chain("cache {\n keepttl\n}", Address(ttl: 7200));

        await chain.AskAsync("www.example.com");
        _time.Advance(TimeSpan.FromSeconds(100));
        Assert.Equal(["www.example.com. 3600 IN A 10.0.0.1"], Lines(await chain.AskAsync("www.example.com")));
        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task The_question_is_echoed_as_asked_and_found_whatever_its_case()
    {
        var chain = Chain("cache", Address(ttl: 60));

        await chain.AskAsync("www.example.com");
        var reply = await chain.AskAsync("WWW.example.COM");
        Assert.Equal("WWW.example.COM.", reply!.Questions[0].Name.ToString());
        Assert.Equal(["www.example.com. 60 IN A 10.0.0.1"], Lines(reply));
        Assert.Equal(1, _asked);
    }

    [Theory]
    [InlineData(ResponseCode.NXDomain, true, 1)]
    [InlineData(ResponseCode.NXDomain, false, 2)]
    [InlineData(ResponseCode.NoError, true, 1)]
    [InlineData(ResponseCode.ServFail, false, 1)]
    [InlineData(ResponseCode.Refused, false, 2)]
    [InlineData(ResponseCode.FormErr, true, 2)]
    public async Task Denials_are_kept_where_an_SOA_vouches_for_them_and_failures_for_a_short_while(
        ResponseCode code, bool soa, int asked)
    {
        var chain = Chain("cache", Empty(code, soa));

        var first = await chain.AskAsync("www.example.com");
        var second = await chain.AskAsync("www.example.com");
        Assert.Equal(asked, _asked);
        Assert.Equal((int)code, first!.ResponseCode);
        Assert.Equal((int)code, second!.ResponseCode);
    }

    [Fact]
    public async Task A_bare_response_code_is_not_kept()
    {
        var chain = Chain("cache", query => query.Response.Fail(ResponseCode.ServFail, "test", "down"));

        await chain.AskAsync("www.example.com");
        await chain.AskAsync("www.example.com");
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task A_truncated_answer_is_not_kept()
    {
        var chain = Chain("cache", query =>
        {
            Address(60)(query);
            query.Response.IsTruncated = true;
        });

        await chain.AskAsync("www.example.com");
        await chain.AskAsync("www.example.com");
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task DO_type_and_class_are_part_of_the_question()
    {
        var chain = Chain("cache", Address(ttl: 60));

        await chain.AskAsync("www.example.com");
        await chain.AskAsync("www.example.com", RecordType.AAAA);
        await chain.AskAsync("www.example.com", edns: 1232, dnssecOk: true);
        Assert.Equal(3, _asked);
    }

    [Fact]
    public async Task A_chain_of_aliases_that_does_not_reach_the_type_is_a_denial_only_with_an_SOA()
    {
        var chain = Chain("cache", query =>
        {
            query.Response.Begin("test", authoritative: false);
            query.Response.AddAnswer(NameRef.QueryName, RecordType.CNAME, 60, Zone.Wire);
        });

        await chain.AskAsync("www.example.com");
        await chain.AskAsync("www.example.com");
        Assert.Equal(2, _asked);
    }

    [Theory]
    [InlineData("cache {\n disable success example.com\n}", "www.example.com", 2)]
    [InlineData("cache {\n disable success example.com\n}", "www.example.net", 1)]
    [InlineData("cache {\n disable success\n}", "www.example.net", 2)]
    [InlineData("cache 30 example.com", "www.example.com", 1)]
    [InlineData("cache 30 example.com", "www.example.net", 2)]
    public async Task Only_names_of_its_zones_are_kept(string directive, string name, int asked)
    {
        var chain = Chain(directive, Address(ttl: 60));

        await chain.AskAsync(name);
        await chain.AskAsync(name);
        Assert.Equal(asked, _asked);
    }

    [Fact]
    public async Task Serve_stale_immediate_answers_at_once_and_refreshes_behind_the_client()
    {
        var chain = Chain("cache {\n serve_stale 1h immediate\n}", Address(ttl: 60));

        await chain.AskAsync("www.example.com");
        _time.Advance(TimeSpan.FromMinutes(10));
        var stale = await chain.AskAsync("www.example.com", edns: 1232);
        Assert.Equal(["www.example.com. 0 IN A 10.0.0.1"], Lines(stale));
        Assert.Equal([0, (byte)ExtendedDnsError.StaleAnswer], Assert.Single(stale!.Opt!.Options).Value);
        Assert.Equal(["www.example.com. 60 IN A 10.0.0.2"], Lines(await chain.AskAsync("www.example.com")));
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task Serve_stale_verify_prefers_what_downstream_says_now()
    {
        var fails = false;
        var chain = Chain("cache {\n serve_stale 1h verify\n servfail 0\n}", query =>
        {
            if (fails)
            {
                Empty(ResponseCode.ServFail, soa: false)(query);
            }
            else
            {
                Address(60)(query);
            }
        });

        await chain.AskAsync("www.example.com");
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(["www.example.com. 60 IN A 10.0.0.2"], Lines(await chain.AskAsync("www.example.com")));
        fails = true;
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(["www.example.com. 0 IN A 10.0.0.2"], Lines(await chain.AskAsync("www.example.com")));
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Equal((int)ResponseCode.ServFail, (await chain.AskAsync("www.example.com"))!.ResponseCode);
    }

    [Fact]
    public async Task Serve_stale_verify_waits_no_longer_than_its_timeout()
    {
        var gate = new TaskCompletionSource();
        var slow = false;
        var chain = new ChainHarness(
            Corefile("cache {\n serve_stale 1h verify 200ms 30s\n}"),
            new FakeHandler(async query =>
            {
                _asked++;
                if (slow)
                {
                    await gate.Task;
                }

                Address(60)(query);
            }),
            _time);

        await chain.AskAsync("www.example.com");
        _time.Advance(TimeSpan.FromMinutes(10));
        slow = true;
        var asking = chain.AskAsync("www.example.com");
        Assert.False(asking.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(200));
        Assert.Equal(["www.example.com. 30 IN A 10.0.0.1"], Lines(await asking));
        gate.SetResult();
        Assert.Equal(["www.example.com. 60 IN A 10.0.0.2"], Lines(await chain.AskAsync("www.example.com")));
    }

    [Fact]
    public async Task Prefetch_refreshes_what_is_popular_before_it_runs_out()
    {
        var chain = Chain("cache {\n prefetch 2 1m 10%\n}", Address(ttl: 100));

        await chain.AskAsync("www.example.com");
        _time.Advance(TimeSpan.FromSeconds(50));
        await chain.AskAsync("www.example.com");
        _time.Advance(TimeSpan.FromSeconds(45));
        Assert.Equal(["www.example.com. 5 IN A 10.0.0.1"], Lines(await chain.AskAsync("www.example.com")));
        Assert.Equal(["www.example.com. 100 IN A 10.0.0.2"], Lines(await chain.AskAsync("www.example.com")));
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task A_full_cache_forgets_something_and_counts_it()
    {
        var chain = Chain("cache {\n success 1024\n}", Address(ttl: 60));

        for (var index = 0; index < 3000; index++)
        {
            await chain.AskAsync($"n{index}.example.com");
        }

        var entries = Assert.Single(chain.Metrics.Gauge("coredns_cache_entries", "", "server", "type", "zones", "view").Series,
            static series => series.Values[1] == "success");
        var evictions = Assert.Single(chain.Metrics.Counter("coredns_cache_evictions_total", "", "server", "type", "zones", "view").Series);
        Assert.InRange(((Core.Telemetry.Gauge)entries.Series).Value, 900, 1024);
        Assert.InRange(((Core.Telemetry.Counter)evictions.Series).Value, 3000 - 1024, 3000 - 900);
    }

    [Fact]
    public void A_hit_allocates_nothing()
    {
        var chain = Chain("cache 3600\n loadbalance", query =>
        {
            query.Response.Begin("test", authoritative: false);
            query.Response.AddAnswer(NameRef.QueryName, RecordType.A, 3600, [10, 0, 0, 1]);
            query.Response.AddAnswer(NameRef.QueryName, RecordType.A, 3600, [10, 0, 0, 2]);
            query.Response.AddAuthority(Zone, RecordType.NS, 3600, Zone.Wire);
        });

        Assert.Equal(0, chain.MeasureAllocation("www.example.com"));
        Assert.Equal(1, _asked);
    }

    [Theory]
    [InlineData("cache 0")]
    [InlineData("cache {\n prefetch x\n}")]
    [InlineData("cache {\n prefetch 1 1m 5%\n}")]
    [InlineData("cache {\n serve_stale 1h sometimes\n}")]
    [InlineData("cache {\n servfail 6m\n}")]
    [InlineData("cache {\n nothing\n}")]
    [InlineData("cache\n cache")]
    public void A_mistake_names_its_line(string directive) =>
        Assert.Matches(@"^Corefile:\d: ", Assert.Throws<Core.Corefile.CorefileException>(() => Chain(directive, Address(60))).Message);

    private static string Corefile(string directive) => $".:53 {{\n {directive}\n}}\n";

    private static Action<QueryContext> Empty(ResponseCode code, bool soa) => query =>
    {
        query.Response.Begin("test", authoritative: false, code);
        if (soa)
        {
            query.Response.AddAuthority(Zone, RecordType.SOA, 60, Soa);
        }
    };

    private static string[] Lines(WireMessage? reply) => [.. reply!.Answer.Select(static record => record.ToString())];

    // The last octet of the address counts how often downstream was asked.
    private Action<QueryContext> Address(uint ttl) => query =>
    {
        query.Response.Begin("test", authoritative: false);
        query.Response.AddAnswer(NameRef.QueryName, RecordType.A, ttl, [10, 0, 0, (byte)_asked]);
    };

    private ChainHarness Chain(string directive, Action<QueryContext> answer) => new(
        Corefile(directive),
        new FakeHandler(query =>
        {
            _asked++;
            answer(query);
        }),
        _time);
}
