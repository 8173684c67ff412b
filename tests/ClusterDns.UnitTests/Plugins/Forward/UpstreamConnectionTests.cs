using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Forward;

/// <summary>Sockets and connections: how many, how long, and what happens when one breaks.</summary>
public sealed class UpstreamConnectionTests : IAsyncDisposable
{
    private const string Hits = "coredns_proxy_conn_cache_hits_total";
    private const string Misses = "coredns_proxy_conn_cache_misses_total";

    private readonly ScriptedUpstream _upstream = new();

    public ValueTask DisposeAsync() => _upstream.DisposeAsync();

    [Fact]
    public async Task Queries_over_UDP_come_from_many_ports_and_the_ports_are_used_again()
    {
        await using var chain = Chain("");
        var ports = new HashSet<int>();
        for (var index = 0; index < 200; index++)
        {
            var asking = chain.AskAsync();
            var query = await _upstream.NextAsync();
            ports.Add(query.Client.Port);
            await query.AnswerAsync();
            await asking;
        }

        Assert.InRange(ports.Count, 12, 16);
        Assert.Equal(ports.Count, chain.Count(Misses, "udp"));
        Assert.Equal(200 - ports.Count, chain.Count(Hits, "udp"));
    }

    [Fact]
    public async Task A_port_is_given_up_when_it_lay_idle()
    {
        await using var chain = Chain("max_idle_conns 1\n expire 10s");
        var ports = new HashSet<int>();
        for (var index = 0; index < 3; index++)
        {
            var asking = chain.AskAsync();
            var query = await _upstream.NextAsync();
            ports.Add(query.Client.Port);
            await query.AnswerAsync();
            await asking;
            chain.Time.Advance(TimeSpan.FromSeconds(11));
        }

        Assert.Equal(3, chain.Count(Misses, "udp"));
        Assert.Equal(0, chain.Count(Hits, "udp"));
    }

    [Fact]
    public async Task Queries_in_flight_together_find_their_own_answers()
    {
        await using var chain = Chain("");
        _upstream.Answer(static query =>
        {
            var label = query.Message.Questions[0].Name.ToString()[1..].Split('.')[0];
            var number = int.Parse(label, null);
            return query.Answer(0x0080, query.Record(RecordType.A, [10, 0, (byte)(number >> 8), (byte)number])).Encode();
        });

        // No more at once than the receive buffer of one socket holds: a lost datagram would wait for the clock.
        foreach (var numbers in Enumerable.Range(0, 1000).Chunk(50))
        {
            await Task.WhenAll(numbers.Select(number => AskOneAsync(chain, number)));
        }
    }

    [Fact]
    public async Task Queries_over_TCP_share_a_connection_when_it_is_idle()
    {
        await using var chain = Chain("force_tcp");
        for (var index = 0; index < 5; index++)
        {
            var asking = chain.AskAsync();
            await (await _upstream.NextAsync()).AnswerAsync();
            Assert.Single((await asking).Answer);
        }

        Assert.Equal(1, _upstream.Connections);
        Assert.Equal(1, chain.Count(Misses, "tcp"));
        Assert.Equal(4, chain.Count(Hits, "tcp"));
    }

    [Fact]
    public async Task A_slow_answer_over_TCP_does_not_hold_up_others()
    {
        await using var chain = Chain("force_tcp");
        var slow = chain.AskAsync("slow.example.com");
        var first = await _upstream.NextAsync();
        var quick = chain.AskAsync("quick.example.com");
        await (await _upstream.NextAsync()).AnswerAsync();

        Assert.Equal("quick.example.com.", Assert.Single((await quick).Answer).Owner.ToString());
        await first.AnswerAsync();
        Assert.Equal("slow.example.com.", Assert.Single((await slow).Answer).Owner.ToString());
    }

    [Fact]
    public async Task A_connection_that_was_closed_while_it_was_used_again_is_made_anew()
    {
        await using var chain = Chain("force_tcp\n max_connect_attempts 1");
        var asking = chain.AskAsync();
        await (await _upstream.NextAsync()).AnswerAsync();
        await asking;

        asking = chain.AskAsync();
        (await _upstream.NextAsync()).Close();
        await (await _upstream.NextAsync()).AnswerAsync();

        Assert.Single((await asking).Answer);
        Assert.Equal(2, _upstream.Connections);
    }

    [Fact]
    public async Task A_new_connection_that_is_closed_without_an_answer_is_a_failure()
    {
        await using var chain = Chain("force_tcp\n max_connect_attempts 1\n max_fails 0");
        var asking = chain.AskAsync();
        (await _upstream.NextAsync()).Close();

        Assert.Equal((int)ResponseCode.ServFail, (await asking).ResponseCode);
        Assert.Matches("^read tcp 127.0.0.1:\\d+->127.0.0.1:\\d+: (EOF|read: connection reset by peer)$", chain.Error);
    }

    [Fact]
    public async Task Nobody_at_the_TCP_port_is_said_as_such()
    {
        await _upstream.DisposeAsync();
        await using var chain = Chain("force_tcp\n max_fails 0");

        Assert.Equal((int)ResponseCode.ServFail, (await chain.AskAsync()).ResponseCode);
        Assert.Equal($"dial tcp 127.0.0.1:{_upstream.Port}: connect: connection refused", chain.Error);
    }

    [Fact]
    public async Task A_message_of_the_largest_size_comes_through_TCP_whole()
    {
        await using var chain = Chain("force_tcp");
        var asking = chain.AskAsync(edns: 65535);
        var query = await _upstream.NextAsync();
        var answer = query.Answer();
        answer.Answer.Clear();
        for (var index = 0; index < 1555; index++)
        {
            answer.Answer.Add(query.Record(RecordType.TXT, [29, .. new byte[29]]));
        }

        Assert.InRange(answer.Encode().Length, 65200, 65535);
        await query.ReplyAsync(answer.Encode());
        var reply = await asking;
        Assert.Null(chain.Error);
        Assert.Equal(answer.Answer.Count, reply.Answer.Count);
    }

    private static async Task AskOneAsync(ForwardChain chain, int number)
    {
        var reply = await chain.AskAsync($"n{number}.example.com");
        Assert.Equal($"n{number}.example.com. 60 IN A 10.0.{number >> 8}.{number & 255}", Assert.Single(reply.Answer).ToString());
    }

    private ForwardChain Chain(string options) => new($"forward . 127.0.0.1:{_upstream.Port} {{\n {options}\n}}");
}
