using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Transports;
using ClusterDns.Testing.Wire;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Forward;

public sealed class ForwardPluginTests : TwoUpstreams
{
    private const ushort Authoritative = 0x0400;
    private const ushort Truncated = 0x0200;
    private const ushort RecursionAvailable = 0x0080;
    private const ushort AuthenticData = 0x0020;


    [Fact]
    public async Task An_answer_comes_back_with_the_flags_and_sections_theFirst_gave_it()
    {
        await using var chain = Chain("forward . {0}");

        var asking = chain.AskAsync("WWW.example.com");
        var query = await First.NextAsync();
        Assert.Equal("WWW.example.com.", query.Message.Questions[0].Name.ToString());
        var answer = query.Answer(Authoritative | RecursionAvailable | AuthenticData);
        answer.Authority.Add(RdataParser.ParseRecord("example.com. 30 IN NS ns.example.com."));
        answer.Additional.Add(RdataParser.ParseRecord("ns.example.com. 20 IN A 10.0.0.53"));
        await query.ReplyAsync(answer.Encode());

        var reply = await asking;
        Assert.Equal(0x8000 | 0x0100 | Authoritative | RecursionAvailable | AuthenticData, reply.Bits);
        Assert.Equal(["WWW.example.com. 60 IN A 10.0.0.1"], reply.Answer.Select(static record => record.ToString()));
        Assert.Equal(["example.com. 30 IN NS ns.example.com."], reply.Authority.Select(static record => record.ToString()));
        Assert.Equal(["ns.example.com. 20 IN A 10.0.0.53"], reply.Additional.Select(static record => record.ToString()));
    }

    [Fact]
    public async Task TheFirst_gets_the_OPT_of_the_client_and_an_id_of_our_own()
    {
        await using var chain = Chain("forward . {0}");
        var ids = new HashSet<ushort>();

        for (var index = 0; index < 8; index++)
        {
            var asking = chain.AskAsync(edns: 4000);
            var query = await First.NextAsync();
            Assert.Equal(4000, (int)query.Message.Opt!.Payload);
            ids.Add(query.Message.Id);
            await query.AnswerAsync();
            Assert.Equal(4711, (await asking).Id);
        }

        Assert.True(ids.Count >= 7, "ids repeat");
    }

    [Fact]
    public async Task A_reply_with_another_id_or_from_another_port_is_passed_over()
    {
        await using var chain = Chain("forward . {0}");

        var asking = chain.AskAsync();
        var query = await First.NextAsync();
        var forged = query.Answer(RecursionAvailable, query.Record(RecordType.A, [6, 6, 6, 6]));
        await query.ReplyFromElsewhereAsync(forged.Encode());
        forged.Id++;
        await query.ReplyAsync(forged.Encode());
        await query.ReplyAsync([0]);
        await query.AnswerAsync();

        Assert.Equal("www.example.com. 60 IN A 10.0.0.1", Assert.Single((await asking).Answer).ToString());
    }

    [Fact]
    public async Task AnFirst_that_is_silent_costs_its_time_twice_and_then_the_query_fails()
    {
        await using var chain = Chain("forward . {0} {{\n max_fails 0\n}}");

        var asking = chain.AskAsync();
        var first = await First.NextAsync();
        chain.Time.Advance(TimeSpan.FromSeconds(1.5));
        Assert.False(asking.IsCompleted);
        chain.Time.Advance(TimeSpan.FromSeconds(0.6));
        var second = await First.NextAsync();
        chain.Time.Advance(TimeSpan.FromSeconds(2.1));

        Assert.Equal((int)ResponseCode.ServFail, (await asking).ResponseCode);
        Assert.Matches(@"^read udp 127\.0\.0\.1:\d+->127\.0\.0\.1:\d+: i/o timeout$", chain.Error);

        // Too late: a reply to an attempt that was given up answers nothing.
        asking = chain.AskAsync("late.example.com");
        var third = await First.NextAsync();
        await first.AnswerAsync();
        await second.AnswerAsync();
        await third.AnswerAsync();
        Assert.Equal("late.example.com.", Assert.Single((await asking).Answer).Owner.ToString());
    }

    [Fact]
    public async Task A_port_where_nobody_listens_fails_at_once()
    {
        var port = First.Port;
        await First.DisposeAsync();
        await using var chain = new ForwardChain($"forward . 127.0.0.1:{port} {{\n max_fails 0\n}}");

        Assert.Equal((int)ResponseCode.ServFail, (await chain.AskAsync()).ResponseCode);
        Assert.Matches(@"^(read|write) udp 127\.0\.0\.1:\d+->127\.0\.0\.1:\d+: (read|write): connection refused$", chain.Error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("force_tcp")]
    public async Task The_nextFirst_is_tried_where_one_fails(string option)
    {
        await using var chain = Chain($"forward . {{0}} {{1}} {{{{\n policy sequential\n max_fails 0\n {option}\n}}}}");

        var asking = chain.AskAsync();
        await First.NextAsync();
        chain.Time.Advance(TimeSpan.FromSeconds(2.1));
        await (await Second.NextAsync()).AnswerAsync();

        Assert.Single((await asking).Answer);
    }

    [Fact]
    public async Task A_truncated_answer_comes_back_as_such()
    {
        await using var chain = Chain("forward . {0}");

        var asking = chain.AskAsync();
        var query = await First.NextAsync();
        await query.ReplyAsync(query.Answer(Truncated | RecursionAvailable).Encode());

        Assert.True((await asking).Truncated);
        Assert.False(First.HasMore);
    }

    [Fact]
    public async Task Prefer_udp_asks_again_over_TCP_where_the_answer_was_truncated()
    {
        await using var chain = Chain("forward . {0} {{\n prefer_udp\n}}");

        var asking = chain.AskAsync();
        var query = await First.NextAsync();
        Assert.False(query.OverTcp);
        await query.ReplyAsync(query.Answer(Truncated | RecursionAvailable).Encode());
        query = await First.NextAsync();
        Assert.True(query.OverTcp);
        await query.AnswerAsync();

        var reply = await asking;
        Assert.False(reply.Truncated);
        Assert.Single(reply.Answer);
    }

    [Fact]
    public async Task A_reply_cut_off_in_the_middle_is_a_truncated_answer()
    {
        await using var chain = Chain("forward . {0}");

        var asking = chain.AskAsync();
        var query = await First.NextAsync();
        await query.ReplyAsync(query.Answer().Encode()[..^3]);

        var reply = await asking;
        Assert.True(reply.Truncated);
        Assert.Empty(reply.Answer);
    }

    [Fact]
    public async Task A_reply_longer_than_any_sensible_datagram_is_a_truncated_answer()
    {
        await using var chain = Chain("forward . {0}");

        var asking = chain.AskAsync(edns: 65535);
        var query = await First.NextAsync();
        var answer = query.Answer();
        answer.Answer.AddRange(Enumerable.Range(0, 300).Select(n => query.Record(RecordType.A, [10, 1, (byte)(n >> 8), (byte)n])));
        await query.ReplyAsync(answer.Encode());

        Assert.True((await asking).Truncated);
    }

    [Fact]
    public async Task RDATA_without_the_form_of_its_type_makes_the_attempt_fail()
    {
        await using var chain = Chain("forward . {0} {{\n max_connect_attempts 1\n max_fails 0\n}}");

        var asking = chain.AskAsync();
        var query = await First.NextAsync();
        await query.AnswerAsync(RecursionAvailable, query.Record(RecordType.A, [1, 2, 3]));

        var reply = await asking;
        Assert.Equal((int)ResponseCode.ServFail, reply.ResponseCode);
        Assert.Empty(reply.Answer);
        Assert.Equal(0, reply.Bits & RecursionAvailable);
    }

    [Fact]
    public async Task Of_the_options_in_the_reply_only_those_about_the_answer_go_on()
    {
        await using var chain = Chain("forward . {0}");

        var asking = chain.AskAsync(edns: 1232);
        var query = await First.NextAsync();
        var answer = query.Answer(RecursionAvailable | 5);
        answer.Opt = new WireOpt(
            4096, 0, 0, 0, [new WireOption(10, new byte[16]), new WireOption(15, [0, 18, (byte)'n', (byte)'o']), new WireOption(12, [0]), new WireOption(9, [0, 0, 0, 7])]);
        await query.ReplyAsync(answer.Encode());

        var reply = await asking;
        Assert.Equal((int)ResponseCode.Refused, reply.ResponseCode);
        Assert.Equal([9, 15], reply.Opt!.Options.Select(static option => (int)option.Code).Order());
        Assert.Equal([0, 18, (byte)'n', (byte)'o'], reply.Opt.Options.Single(static option => option.Code == 15).Value);
    }

    [Fact]
    public async Task An_extended_response_code_needs_a_client_with_EDNS()
    {
        await using var chain = Chain("forward . {0}");
        First.Answer(static query =>
        {
            var answer = query.Answer();
            answer.Opt = new WireOpt(1232, 1, 0, 0, []);
            return answer.Encode();
        });

        Assert.Equal((int)ResponseCode.BadVers, (await chain.AskAsync(edns: 1232)).ResponseCode);
        var without = await chain.AskAsync();
        Assert.Equal((int)ResponseCode.ServFail, without.ResponseCode);
        Assert.Null(without.Opt);
    }

    [Fact]
    public async Task More_queries_than_max_concurrent_are_refused()
    {
        await using var chain = Chain("forward . {0} {{\n max_concurrent 1\n}}");

        var asking = chain.AskAsync();
        var query = await First.NextAsync();
        Assert.Equal((int)ResponseCode.Refused, (await chain.AskAsync()).ResponseCode);
        Assert.Equal("concurrent queries exceeded maximum 1", chain.Error);
        Assert.Equal(1, chain.Count("coredns_forward_max_concurrent_rejects_total"));
        await query.AnswerAsync();
        Assert.Equal(0, (await asking).ResponseCode);

        asking = chain.AskAsync();
        await (await First.NextAsync()).AnswerAsync();
        Assert.Equal(0, (await asking).ResponseCode);
    }

    [Fact]
    public async Task Names_outside_the_zone_or_in_excepted_ones_pass_on_but_not_the_zone_itself()
    {
        var passed = new FakeHandler(static query => query.Response.Begin("test", authoritative: false, ResponseCode.NotZone));
        await using var chain = Chain("forward example.com {0} {{\n except example.com sub.example.com\n}}", passed);
        First.Answer(static query => query.Answer().Encode());

        Assert.Equal(0, (await chain.AskAsync("EXAMPLE.com")).ResponseCode);
        Assert.Equal((int)ResponseCode.NotZone, (await chain.AskAsync("www.example.com")).ResponseCode);
        Assert.Equal((int)ResponseCode.NotZone, (await chain.AskAsync("example.org")).ResponseCode);
    }

    [Fact]
    public async Task Failover_tries_anotherFirst_and_the_last_answer_stands()
    {
        await using var chain = Chain("forward . {0} {1} {{\n policy sequential\n failover SERVFAIL REFUSED\n}}");
        First.Answer(static query => query.Answer(RecursionAvailable | 2).Encode());
        Second.Answer(static query => query.Answer((ushort)(RecursionAvailable | (query.Message.Questions[0].Type == 28 ? 5 : 0))).Encode());

        Assert.Single((await chain.AskAsync()).Answer);
        Assert.Equal((int)ResponseCode.Refused, (await chain.AskAsync(type: RecordType.AAAA)).ResponseCode);
    }

    [Theory]
    [InlineData("next NXDOMAIN", RecursionAvailable | 3, true)]
    [InlineData("next NXDOMAIN", RecursionAvailable | 5, false)]
    [InlineData("next_on_nodata", RecursionAvailable, true)]
    [InlineData("next_on_nodata", RecursionAvailable | 3, false)]
    public async Task Next_hands_some_answers_to_the_following_forward(string option, int bits, bool passesOn)
    {
        await using var chain = Chain($"forward . {{0}} {{{{\n {option}\n}}}}\nforward . {{1}}");
        First.Answer(query =>
        {
            var answer = query.Answer((ushort)(bits | AuthenticData));
            answer.Answer.Clear();
            return answer.Encode();
        });
        Second.Answer(static query => query.Answer(RecursionAvailable).Encode());

        var reply = await chain.AskAsync();
        Assert.Equal(passesOn ? 1 : 0, reply.Answer.Count);
        Assert.Equal(passesOn ? 0 : AuthenticData, reply.Bits & AuthenticData);
    }

    [Fact]
    public async Task Next_leads_to_nothing_but_another_forward()
    {
        var behind = new FakeHandler(static query => query.Response.Begin("test", authoritative: true));
        await using var chain = Chain("forward . {0} {{\n next NXDOMAIN\n}}", behind);
        First.Answer(static query => query.Answer(RecursionAvailable | 3).Encode());

        Assert.Equal((int)ResponseCode.NXDomain, (await chain.AskAsync()).ResponseCode);
    }
}
