using ClusterDns.Testing.Wire;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Forward;

/// <summary>Cookies (RFC 7873) and the case of letters as proof that a datagram is the upstream's.</summary>
public sealed class UpstreamProofTests : IAsyncDisposable
{
    private const ushort Cookie = 10;
    private const ushort BadCookie = 23;

    private static readonly byte[] Server = [1, 2, 3, 4, 5, 6, 7, 8];

    private readonly ScriptedUpstream _upstream = new();

    public ValueTask DisposeAsync() => _upstream.DisposeAsync();

    [Fact]
    public async Task Each_question_has_a_case_of_its_own_and_the_client_gets_its_own_back()
    {
        await using var chain = Chain("randomize_case");
        var spellings = new HashSet<string>();
        for (var index = 0; index < 8; index++)
        {
            var asking = chain.AskAsync("a-rather-long-name.example.com");
            var query = await _upstream.NextAsync();
            spellings.Add(query.Message.Questions[0].Name.ToString());
            await query.AnswerAsync();
            Assert.Equal("a-rather-long-name.example.com. 60 IN A 10.0.0.1", Assert.Single((await asking).Answer).ToString());
        }

        Assert.InRange(spellings.Count, 7, 8);
        Assert.All(spellings, static name => Assert.Equal("a-rather-long-name.example.com.", name, ignoreCase: true));
    }

    [Fact]
    public async Task A_reply_in_another_case_is_asked_for_over_TCP()
    {
        await using var chain = Chain("randomize_case");

        var asking = chain.AskAsync("www.example.com");
        await ReplyInLowerCaseAsync(await _upstream.NextAsync());
        var second = await _upstream.NextAsync();
        Assert.True(second.OverTcp);
        await second.AnswerAsync();

        Assert.Equal("www.example.com. 60 IN A 10.0.0.1", Assert.Single((await asking).Answer).ToString());
    }

    [Fact]
    public async Task An_upstream_that_never_keeps_the_case_is_asked_without()
    {
        await using var chain = Chain("randomize_case");
        for (var index = 0; index < 3; index++)
        {
            var asking = chain.AskAsync($"n{index}.example.com");
            await ReplyInLowerCaseAsync(await _upstream.NextAsync());
            await (await _upstream.NextAsync()).AnswerAsync();
            await asking;
        }

        var last = chain.AskAsync("www.example.com");
        await ReplyInLowerCaseAsync(await _upstream.NextAsync());
        Assert.Single((await last).Answer);
        Assert.False(_upstream.HasMore);
    }

    [Fact]
    public async Task A_cookie_is_sent_learned_and_repeated_and_the_client_sees_none()
    {
        await using var chain = Chain("cookies");

        var asking = chain.AskAsync();
        var first = await _upstream.NextAsync();
        var own = CookieOf(first);
        Assert.Equal(8, own.Length);
        await first.ReplyAsync(WithCookie(first, [.. own, .. Server]));
        Assert.Null((await asking).Opt);

        asking = chain.AskAsync("next.example.com", edns: 1232);
        var second = await _upstream.NextAsync();
        Assert.Equal([.. own, .. Server], CookieOf(second));
        await second.ReplyAsync(WithCookie(second, CookieOf(second)));
        Assert.Empty((await asking).Opt!.Options);
    }

    [Fact]
    public async Task Once_cookies_came_a_datagram_without_the_right_one_is_not_believed()
    {
        await using var chain = Chain("cookies");
        var asking = chain.AskAsync();
        var query = await _upstream.NextAsync();
        await query.ReplyAsync(WithCookie(query, [.. CookieOf(query), .. Server]));
        await asking;

        asking = chain.AskAsync("next.example.com");
        query = await _upstream.NextAsync();
        await query.ReplyAsync(WithCookie(query, [9, 9, 9, 9, 9, 9, 9, 9, .. Server]));
        var second = await _upstream.NextAsync();
        Assert.True(second.OverTcp);
        await second.ReplyAsync(WithCookie(second, CookieOf(second)));

        Assert.Single((await asking).Answer);
    }

    [Fact]
    public async Task An_upstream_that_gives_no_cookie_is_believed_without()
    {
        await using var chain = Chain("cookies");
        for (var index = 0; index < 3; index++)
        {
            var asking = chain.AskAsync($"n{index}.example.com");
            await (await _upstream.NextAsync()).AnswerAsync();
            Assert.Single((await asking).Answer);
        }
    }

    [Fact]
    public async Task A_cookie_that_is_too_old_is_replaced_and_the_question_asked_again()
    {
        await using var chain = Chain("cookies");

        var asking = chain.AskAsync();
        var query = await _upstream.NextAsync();
        var refused = query.Answer(BadCookie & 15);
        refused.Opt = new WireOpt(1232, BadCookie >> 4, 0, 0, [new WireOption(Cookie, [.. CookieOf(query), .. Server])]);
        await query.ReplyAsync(refused.Encode());
        var second = await _upstream.NextAsync();
        Assert.Equal([.. CookieOf(query), .. Server], CookieOf(second));
        await second.ReplyAsync(WithCookie(second, CookieOf(second)));

        Assert.Single((await asking).Answer);
    }

    private static byte[] CookieOf(UpstreamQuery query) => Assert.Single(query.Message.Opt!.Options, static option => option.Code == Cookie).Value;

    private static byte[] WithCookie(UpstreamQuery query, byte[] cookie)
    {
        var answer = query.Answer();
        answer.Opt = new WireOpt(1232, 0, 0, 0, [new WireOption(Cookie, cookie)]);
        return answer.Encode();
    }

    private static Task ReplyInLowerCaseAsync(UpstreamQuery query)
    {
        var answer = query.Answer();
        var question = answer.Questions[0];
        var lower = ClusterDns.Testing.Wire.WireName.Parse(question.Name.ToString().ToLowerInvariant());
        answer.Questions[0] = question with { Name = lower };
        answer.Answer[0] = answer.Answer[0] with { Owner = lower };
        return query.ReplyAsync(answer.Encode());
    }

    private ForwardChain Chain(string option) => new($"forward . 127.0.0.1:{_upstream.Port} {{\n {option}\n}}");
}
