using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Forward;

/// <summary>One query for many clients, and two for one that waits too long.</summary>
public sealed class SharedQueryTests : TwoUpstreams
{
    [Fact]
    public async Task Identical_questions_in_flight_share_one_query()
    {
        await using var chain = Chain("forward . {0}");

        var first = chain.AskAsync();
        var query = await First.NextAsync();
        var second = chain.AskAsync();
        var third = chain.AskAsync();
        await query.AnswerAsync();

        foreach (var asking in new[] { first, second, third })
        {
            Assert.Equal("www.example.com. 60 IN A 10.0.0.1", Assert.Single((await asking).Answer).ToString());
        }

        Assert.False(First.HasMore);
        Assert.Equal(2, chain.Count("clusterdns_forward_coalesced_total"));
    }

    [Theory]
    [InlineData("www.example.com", RecordType.AAAA, null)]
    [InlineData("www.example.org", RecordType.A, null)]
    [InlineData("WWW.example.com", RecordType.A, null)]
    [InlineData("www.example.com", RecordType.A, (ushort)1232)]
    internal async Task Questions_that_differ_are_asked_each(string name, RecordType type, ushort? edns)
    {
        await using var chain = Chain("forward . {0}");

        var first = chain.AskAsync();
        var query = await First.NextAsync();
        var second = chain.AskAsync(name, type, edns);
        await (await First.NextAsync()).AnswerAsync();
        await query.AnswerAsync();

        await first;
        await second;
        Assert.Equal(0, chain.Count("clusterdns_forward_coalesced_total"));
    }

    [Fact]
    public async Task A_failure_is_shared_and_the_next_question_is_asked_anew()
    {
        await using var chain = Chain("forward . {0} {{\n max_fails 0\n}}");

        var first = chain.AskAsync();
        await First.NextAsync();
        var second = chain.AskAsync();
        await chain.RunAsync(Task.WhenAll(first, second));

        Assert.Equal((int)ResponseCode.ServFail, (await first).ResponseCode);
        Assert.Equal((int)ResponseCode.ServFail, (await second).ResponseCode);
        await First.NextAsync();

        var third = chain.AskAsync();
        await (await First.NextAsync()).AnswerAsync();
        Assert.Single((await third).Answer);
    }

    [Fact]
    public async Task What_one_forward_passes_on_to_the_next_is_passed_on_for_all()
    {
        await using var chain = Chain("forward . {0} {{\n next NXDOMAIN\n}}\nforward . {1}");

        var first = chain.AskAsync();
        var query = await First.NextAsync();
        var second = chain.AskAsync();
        Second.Answer(static passed => passed.Answer().Encode());
        await query.AnswerAsync(3);

        Assert.Single((await first).Answer);
        Assert.Single((await second).Answer);
    }

    [Fact]
    public async Task A_slowFirst_is_hedged_and_the_first_answer_counts()
    {
        await using var chain = Chain("forward . {0} {1} {{\n policy round_robin\n}}");

        // The first query starts at the second upstream.
        var asking = chain.AskAsync();
        var slow = await Second.NextAsync();
        var hedged = First.NextAsync();
        await chain.RunAsync(hedged);
        await (await hedged).AnswerAsync();
        Assert.Equal("10.0.0.1", (await asking).Answer[0].ToString().Split(' ')[^1]);

        // The late answer is nobody's.
        await slow.AnswerAsync(0x0080, slow.Record(RecordType.A, [6, 6, 6, 6]));
        asking = chain.AskAsync("next.example.com");
        await (await First.NextAsync()).AnswerAsync();
        Assert.Equal("next.example.com. 60 IN A 10.0.0.1", Assert.Single((await asking).Answer).ToString());
        Assert.Equal(1, chain.Count("clusterdns_forward_hedges_total"));
    }

    [Fact]
    public async Task Where_the_hedge_fails_the_first_attempt_still_counts()
    {
        await using var chain = Chain("forward . {0} {1} {{\n policy round_robin\n}}");

        var asking = chain.AskAsync();
        var slow = await Second.NextAsync();
        await First.DisposeAsync();
        await chain.RunAsync(UntilAsync(() => chain.Count("clusterdns_forward_hedges_total") == 1));
        await slow.AnswerAsync();

        Assert.Single((await asking).Answer);
    }

    [Fact]
    public async Task Hedges_are_a_bounded_share_of_the_queries()
    {
        await using var chain = Chain("forward . {0} {1} {{\n policy round_robin\n max_fails 0\n}}");

        for (var index = 0; index < 20; index++)
        {
            await chain.RunAsync(chain.AskAsync($"n{index}.example.com"));
        }

        // Ten in hand and a twentieth of twenty.
        var hedged = chain.Count("clusterdns_forward_hedges_total");
        Assert.InRange(hedged, 5, 11);
        Assert.InRange(chain.Count("clusterdns_ceiling_reached_total", "forward_hedges"), 1, 40 - hedged);
    }

    [Fact]
    public async Task Identical_questions_beyond_those_that_may_follow_are_asked_and_counted()
    {
        const int Followers = 256;
        await using var chain = Chain("forward . {0}");
        var asking = Enumerable.Range(0, Followers + 2).Select(_ => chain.AskAsync()).ToArray();

        var first = await First.NextAsync();
        var second = await First.NextAsync();

        Assert.Equal(1, chain.Count("clusterdns_ceiling_reached_total", "forward_followers"));
        Assert.False(First.HasMore);
        await first.AnswerAsync();
        await second.AnswerAsync();
        Assert.All(await Task.WhenAll(asking), static reply => Assert.Single(reply.Answer));
    }

    [Fact]
    public async Task The_Corefile_s_order_is_kept_and_never_hedged_where_it_is_sequential()
    {
        await using var chain = Chain("forward . {0} {1} {{\n policy sequential\n max_fails 0\n}}");

        var asking = chain.AskAsync();
        await First.NextAsync();
        chain.Time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.False(Second.HasMore);
        chain.Time.Advance(TimeSpan.FromSeconds(0.2));
        await (await Second.NextAsync()).AnswerAsync();

        Assert.Single((await asking).Answer);
    }

    [Fact]
    public async Task Fastest_prefers_theFirst_that_answers_sooner()
    {
        await using var chain = Chain("forward . {0} {1} {{\n policy fastest\n}}");
        var counts = new int[2];
        Answer(First, 0, TimeSpan.FromMilliseconds(1));
        Answer(Second, 1, TimeSpan.FromMilliseconds(20));

        for (var index = 0; index < 100; index++)
        {
            Assert.Single((await chain.AskAsync($"n{index}.example.com")).Answer);
        }

        Assert.InRange(counts[0], 80, 100);

        void Answer(ScriptedUpstream upstream, int number, TimeSpan takes) => upstream.Answer(query =>
        {
            counts[number]++;
            chain.Time.Advance(takes);
            return query.Answer().Encode();
        });
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Yield();
        }
    }
}
