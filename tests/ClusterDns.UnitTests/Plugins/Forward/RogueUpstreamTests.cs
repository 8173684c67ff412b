using ClusterDns.Protocol.Messages;
using ClusterDns.Testing.Wire;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Forward;

/// <summary>What an upstream, or somebody who pretends to be one, may try: the client gets the true answer or a failure, in bounded time.</summary>
public sealed class RogueUpstreamTests : TwoUpstreams
{
    private const ushort RecursionAvailable = 0x0080;
    private const ushort Truncated = 0x0200;


    [Theory]
    [InlineData("other.example.com.", 1, 1)]
    [InlineData("www.example.com.", 28, 1)]
    [InlineData("www.example.com.", 1, 3)]
    public async Task A_reply_to_another_question_does_not_keep_the_true_one_out(string name, ushort type, ushort recordClass)
    {
        await using var chain = Chain("forward . {0}");

        var asking = chain.AskAsync();
        var query = await First.NextAsync();
        await query.ReplyAsync(ToOtherQuestion(query, name, type, recordClass));
        await query.AnswerAsync();

        Assert.Equal("www.example.com. 60 IN A 10.0.0.1", Assert.Single((await asking).Answer).ToString());
        Assert.Equal(1, chain.Count("clusterdns_forward_mismatches_total"));
    }

    [Fact]
    public async Task A_query_that_comes_back_as_it_is_answers_nothing()
    {
        await using var chain = Chain("forward . {0}");

        var asking = chain.AskAsync();
        var query = await First.NextAsync();
        await query.ReplyAsync(query.Message.Encode());
        await query.AnswerAsync();

        Assert.Single((await asking).Answer);
    }

    [Fact]
    public async Task Nothing_but_replies_to_another_question_are_a_format_error_in_the_end()
    {
        await using var chain = Chain("forward . {0}");

        var asking = chain.AskAsync();
        var query = await First.NextAsync();
        await query.ReplyAsync(ToOtherQuestion(query, "other.example.com.", 1, 1));
        await chain.RunAsync(asking);

        var reply = await asking;
        Assert.Equal((int)ResponseCode.FormErr, reply.ResponseCode);
        Assert.Empty(reply.Answer);
        Assert.Equal(0, reply.Bits & RecursionAvailable);
    }

    [Fact]
    public async Task Over_TCP_where_nobody_can_join_in_a_reply_to_another_question_is_a_format_error_at_once()
    {
        await using var chain = Chain("forward . {0} {{\n force_tcp\n}}");

        var asking = chain.AskAsync();
        var query = await First.NextAsync();
        await query.ReplyAsync(ToOtherQuestion(query, "other.example.com.", 1, 1));

        Assert.Equal((int)ResponseCode.FormErr, (await asking).ResponseCode);
    }

    [Fact]
    public async Task Records_of_other_names_are_left_out_and_aliases_stay()
    {
        await using var chain = Chain("forward . {0}");

        var asking = chain.AskAsync();
        var query = await First.NextAsync();
        var answer = query.Answer(
            RecursionAvailable,
            Parse("bank.example.net. 60 IN A 6.6.6.6"),
            Parse("host.example.org. 60 IN A 10.0.0.7"),
            Parse("www.example.com. 60 IN CNAME host.example.org."),
            Parse("evil.example.com. 60 IN CNAME www.example.com."));
        await query.ReplyAsync(answer.Encode());

        Assert.Equal(
            ["host.example.org. 60 IN A 10.0.0.7", "www.example.com. 60 IN CNAME host.example.org."],
            (await asking).Answer.Select(static record => record.ToString()));
    }

    [Fact]
    public async Task An_alias_through_DNAME_stays_whole()
    {
        await using var chain = Chain("forward . {0}");

        var asking = chain.AskAsync();
        var query = await First.NextAsync();
        var answer = query.Answer(
            RecursionAvailable,
            Parse("example.com. 60 IN DNAME example.org."),
            Parse("www.example.com. 60 IN CNAME www.example.org."),
            Parse("www.example.org. 60 IN A 10.0.0.7"));
        await query.ReplyAsync(answer.Encode());

        Assert.Equal(3, (await asking).Answer.Count);
    }

    [Fact]
    public async Task An_alias_of_itself_comes_back_once_and_ends()
    {
        await using var chain = Chain("forward . {0}");

        var asking = chain.AskAsync();
        var query = await First.NextAsync();
        var answer = query.Answer(
            RecursionAvailable, Parse("www.example.com. 60 IN CNAME b.example.com."), Parse("b.example.com. 60 IN CNAME www.example.com."));
        await query.ReplyAsync(answer.Encode());

        Assert.Equal(2, (await asking).Answer.Count);
        Assert.False(First.HasMore);
    }

    [Fact]
    public async Task Truncated_over_TCP_too_is_answered_once_and_not_asked_for_again()
    {
        await using var chain = Chain("forward . {0} {{\n prefer_udp\n}}");

        var asking = chain.AskAsync();
        await (await First.NextAsync()).AnswerAsync(Truncated);
        var second = await First.NextAsync();
        Assert.True(second.OverTcp);
        await second.AnswerAsync(Truncated);

        Assert.NotEqual(0, (await asking).Bits & Truncated);
        Assert.False(First.HasMore);
    }

    [Fact]
    public async Task A_reply_that_drips_over_TCP_fails_at_the_read_timeout()
    {
        await using var chain = Chain("forward . {0} {{\n force_tcp\n max_connect_attempts 1\n max_fails 0\n}}");

        var asking = chain.AskAsync();
        var query = await First.NextAsync();

        // A whole message inside a longer one that never ends.
        await query.WriteAsync([0xff, 0xff, .. query.Answer().Encode()]);
        await chain.RunAsync(asking);

        Assert.Equal((int)ResponseCode.ServFail, (await asking).ResponseCode);
        Assert.EndsWith("i/o timeout", chain.Error);
    }

    [Fact]
    public async Task A_reply_in_pieces_over_TCP_is_put_together()
    {
        await using var chain = Chain("forward . {0} {{\n force_tcp\n}}");

        var asking = chain.AskAsync();
        var query = await First.NextAsync();
        var octets = query.Answer().Encode();
        await query.WriteAsync([0]);
        await query.WriteAsync([(byte)octets.Length]);
        await query.WriteAsync(octets[..7]);
        await query.WriteAsync(octets[7..]);

        Assert.Single((await asking).Answer);
    }

    [Fact]
    public async Task Connections_closed_one_after_the_other_end_in_a_failure_and_not_in_a_storm()
    {
        await using var chain = Chain("forward . {0} {{\n force_tcp\n max_fails 0\n}}");
        First.Answer(static query =>
        {
            query.Close();
            return null;
        });

        Assert.Equal((int)ResponseCode.ServFail, (await chain.AskAsync()).ResponseCode);
        Assert.InRange(First.Connections, 1, 3);
    }

    [Fact]
    public async Task AnFirst_that_denies_every_name_is_believed_and_no_other_is_bothered()
    {
        await using var chain = Chain("forward . {0} {1} {{\n policy sequential\n}}");
        First.Answer(static query => query.Answer(RecursionAvailable | 3).Encode());

        Assert.Equal((int)ResponseCode.NXDomain, (await chain.AskAsync()).ResponseCode);
        Assert.False(Second.HasMore);
    }

    [Fact]
    public async Task A_black_hole_is_asked_last_until_a_probe_is_answered()
    {
        await using var chain = Chain("forward . {0} {1} {{\n policy sequential\n}}");
        Second.Answer(static query => query.Answer().Encode());

        var asking = chain.AskAsync();
        await First.NextAsync();
        await chain.RunAsync(asking);
        Assert.Single((await asking).Answer);

        // No time passes here: the silent upstream is not tried first again.
        Assert.Single((await chain.AskAsync("next.example.com")).Answer);
    }

    [Fact]
    public async Task Retries_over_the_budget_are_not_made()
    {
        await using var chain = Chain("forward . {0} {{\n max_fails 0\n max_connect_attempts 0\n}}");
        await First.DisposeAsync();

        for (var index = 0; index < 20; index++)
        {
            Assert.Equal((int)ResponseCode.ServFail, (await chain.AskAsync($"n{index}.example.com")).ResponseCode);
        }

        Assert.InRange(chain.Count("clusterdns_forward_retries_denied_total"), 1, 20);
    }

    [Fact]
    public async Task Answers_to_fail_over_from_do_not_use_up_the_retry_budget()
    {
        await using var third = new ScriptedUpstream();
        await using var chain = Chain($"forward . {{0}} {{1}} 127.0.0.1:{third.Port} {{{{\n policy sequential\n failover REFUSED\n}}}}");
        foreach (var upstream in new[] { First, Second, third })
        {
            upstream.Answer(static query => query.Answer(RecursionAvailable | 5).Encode());
        }

        // More than the budget has in hand.
        for (var index = 0; index < 200; index++)
        {
            Assert.Equal((int)ResponseCode.Refused, (await chain.AskAsync($"n{index}.example.com")).ResponseCode);
        }

        Assert.Equal(0, chain.Count("clusterdns_forward_retries_denied_total"));
    }

    private static WireRecord Parse(string record) => RdataParser.ParseRecord(record);

    private static byte[] ToOtherQuestion(UpstreamQuery query, string name, ushort type, ushort recordClass)
    {
        var answer = query.Answer();
        answer.Questions[0] = new WireQuestion(ClusterDns.Testing.Wire.WireName.Parse(name), type, recordClass);
        return answer.Encode();
    }
}
