using ClusterDns.Core.Pipeline;
using ClusterDns.Plugins.Timeouts;
using ClusterDns.Protocol.Records;
using ClusterDns.Server.Transports;
using ClusterDns.Testing;
using ClusterDns.Testing.Transports;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Transports;

/// <summary>Connections: order, ceilings, time-outs, their end.</summary>
public sealed class StreamTransportTests
{
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connection_answers_all_queries_of_one_write()
    {
        await using var harness = new TransportHarness();
        using var client = await ConnectAsync(harness, TransportHarness.Address);

        await client.SendAsync(_token, Query(1), Query(2), Query(3));

        for (var id = 1; id <= 3; id++)
        {
            Assert.Equal(id, await IdAsync(client));
        }
    }

    [Fact]
    public async Task Query_that_waits_holds_up_no_other()
    {
        var upstream = new TaskCompletionSource();
        await using var harness = new TransportHarness();
        using var client = await ConnectAsync(harness, Slow(upstream.Task));

        await client.SendAsync(_token, Query(1, "slow.test."), Query(2));

        Assert.Equal(2, await IdAsync(client));
        upstream.SetResult();
        Assert.Equal(1, await IdAsync(client));
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("::1", "::1")]
    [InlineData(null, "127.0.0.1")]
    [InlineData(null, "::1")]
    [InlineData("::", "127.0.0.1")]
    public async Task Connection_to_a_bound_address_is_served(string? bound, string asked)
    {
        await using var harness = new TransportHarness();
        var transport = harness.Start(harness.Group(TransportHarness.Address, bound));
        using var client = await StreamClient.ConnectAsync(new(System.Net.IPAddress.Parse(asked), transport.LocalEndPoint.Port), _token);

        await client.SendAsync(_token, Query(7));

        Assert.Equal(7, await IdAsync(client));
    }

    [Fact]
    public async Task Connection_that_asks_nothing_is_closed_before_one_that_has_asked()
    {
        var time = new FakeTimeProvider();
        await using var harness = new TransportHarness(time);
        var transport = harness.Start(harness.Group(TransportHarness.Address));
        using var asking = await StreamClient.ConnectAsync(transport.LocalEndPoint, _token);
        await asking.SendAsync(_token, Query(1));
        Assert.Equal(1, await IdAsync(asking));
        AwaitEndOfWrites(harness);
        using var silent = await StreamClient.ConnectAsync(transport.LocalEndPoint, _token);
        Assert.True(SpinWait.SpinUntil(() => harness.Limits.Connections.Count == 2, Patience.Limit));
        await silent.SendOctetsAsync([0], _token);

        AdvanceUntil(time, TimeSpan.FromSeconds(3), () => harness.Limits.ClosedTimedOut.Value == 1);
        Assert.Null(await silent.ReceiveAsync(_token));
        await asking.SendAsync(_token, Query(2));
        Assert.Equal(2, await IdAsync(asking));
        AwaitEndOfWrites(harness);
        AdvanceUntil(time, TimeSpan.FromSeconds(10), () => harness.Limits.ClosedTimedOut.Value == 2);
        Assert.Null(await asking.ReceiveAsync(_token));
    }

    [Fact]
    public async Task Connection_ends_after_as_many_queries_as_it_may_send_and_no_answer_is_lost()
    {
        await using var harness = new TransportHarness();
        using var client = await ConnectAsync(harness, TransportHarness.Address, new TimeoutsOptions { MaxTcpQueries = 2 });

        await client.SendAsync(_token, Query(1), Query(2), Query(3));

        Assert.Equal(1, await IdAsync(client));
        Assert.Equal(2, await IdAsync(client));
        Assert.Null(await client.ReceiveAsync(_token));
        Assert.Equal(1, harness.Closed("queries"));
    }

    [Fact]
    public async Task Connection_too_many_of_a_client_takes_the_place_of_the_one_idle_for_longest()
    {
        var time = new FakeTimeProvider();
        await using var harness = new TransportHarness(time, static metrics => new TransportLimits(metrics) { MaxConnectionsPerClient = 2 });
        var transport = harness.Start(harness.Group(TransportHarness.Address));
        var clients = new StreamClient[3];
        for (var index = 0; index < clients.Length; index++)
        {
            clients[index] = await StreamClient.ConnectAsync(transport.LocalEndPoint, _token);
            await clients[index].SendAsync(_token, Query((ushort)index));
            Assert.Equal(index, await IdAsync(clients[index]));

            // One that is still being written to makes room for nobody.
            AwaitEndOfWrites(harness);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Null(await clients[0].ReceiveAsync(_token));
        Assert.Equal(1, harness.Limits.ClosedForAnother.Value);
        Array.ForEach(clients, static client => client.Dispose());
    }

    [Fact]
    public async Task Connection_is_refused_where_all_others_wait_for_answers()
    {
        var upstream = new TaskCompletionSource();
        await using var harness = new TransportHarness(limits: static metrics => new TransportLimits(metrics) { MaxConnections = 1 });
        var transport = harness.Start(harness.Group(Slow(upstream.Task)));
        using var busy = await StreamClient.ConnectAsync(transport.LocalEndPoint, _token);
        await busy.SendAsync(_token, Query(1, "slow.test."));
        Assert.True(SpinWait.SpinUntil(() => harness.Limits.QueriesInFlight == 1, Patience.Limit));

        using var late = await StreamClient.ConnectAsync(transport.LocalEndPoint, _token);

        Assert.Null(await late.ReceiveAsync(_token));
        Assert.Equal(1, harness.Limits.ClosedAtOnce.Value);
        upstream.SetResult();
        Assert.Equal(1, await IdAsync(busy));
    }

    [Fact]
    public async Task Client_that_does_not_read_is_reset_and_its_memory_comes_back()
    {
        var time = new FakeTimeProvider();
        await using var harness = new TransportHarness(time);
        using var client = await ConnectAsync(harness, Large(60_000));
        var sending = client.SendAsync(_token, [.. Enumerable.Range(0, 2000).Select(static id => Query((ushort)id))]);
        Assert.True(SpinWait.SpinUntil(() => harness.Limits.ConnectionMemory > 60_000, Patience.Limit));

        AdvanceUntil(time, TimeSpan.FromSeconds(5), () => harness.Limits.ClosedTimedOut.Value == 1);

        Assert.True(SpinWait.SpinUntil(() => harness.Limits.Connections.Count == 0, Patience.Limit));
        Assert.True(SpinWait.SpinUntil(() => harness.Limits.ConnectionMemory == 0, Patience.Limit));
        await Task.WhenAny(sending);
    }

    [Fact]
    public async Task Connection_is_closed_where_no_memory_is_left_for_its_answers()
    {
        await using var harness = new TransportHarness(limits: static metrics => new TransportLimits(metrics) { MaxConnectionMemory = 10_000 });
        using var client = await ConnectAsync(harness, Large(60_000));

        await client.SendAsync(_token, Query(1));

        Assert.Null(await client.ReceiveAsync(_token));
        Assert.Equal(1, harness.Limits.ClosedUnread.Value);
        Assert.True(SpinWait.SpinUntil(() => harness.Limits.ConnectionMemory == 0, Patience.Limit));
    }

    [Fact]
    public async Task StopAsync_lets_queries_in_flight_be_answered()
    {
        var upstream = new TaskCompletionSource();
        await using var harness = new TransportHarness();
        var transport = harness.Start(harness.Group(Slow(upstream.Task)));
        using var client = await StreamClient.ConnectAsync(transport.LocalEndPoint, _token);
        await client.SendAsync(_token, Query(1, "slow.test."));
        Assert.True(SpinWait.SpinUntil(() => harness.Limits.QueriesInFlight == 1, Patience.Limit));

        var stopping = transport.StopAsync(Patience.Limit).AsTask();
        upstream.SetResult();

        Assert.Equal(1, await IdAsync(client));
        Assert.Null(await client.ReceiveAsync(_token));
        await stopping;
    }

    [Fact]
    public async Task SendAsync_sends_messages_before_the_response()
    {
        await using var harness = new TransportHarness();
        using var client = await ConnectAsync(harness, new FakeHandler(static async query =>
        {
            for (byte number = 1; number <= 3; number++)
            {
                query.Response.Begin("test", authoritative: true);
                query.Response.AddAnswer(NameRef.QueryName, RecordType.A, 60, [192, 0, 2, number]);
                if (number < 3)
                {
                    await query.Stream!.SendAsync(query); // over TCP
                }
            }
        }));

        await client.SendAsync(_token, Query(1));

        for (byte number = 1; number <= 3; number++)
        {
            var message = await client.ReceiveAsync(_token);
            Assert.Equal([192, 0, 2, number], message!.Answer[0].Rdata);
        }
    }

    [Fact]
    public async Task Fault_in_writing_an_answer_costs_that_answer_alone()
    {
        await using var harness = new TransportHarness();
        using var client = await ConnectAsync(harness, Unwritable);

        await client.SendAsync(_token, Query(1, "bad.test."), Query(2, "bad-later.test."), Query(3));

        Assert.Equal(3, await IdAsync(client));
    }

    /// <summary>Names that begin with "bad" have an answer whose data is nowhere; "bad-later" is answered by another thread.</summary>
    internal static FakeHandler Unwritable { get; } = new(static async query =>
    {
        if (query.LowerName.Wire[0] == "bad-later".Length)
        {
            await Task.Yield();
        }

        query.Response.Begin("test", authoritative: true);
        if (query.LowerName.Wire[1] == (byte)'b')
        {
            query.Response.Answer.Add(new ResponseRecord(NameRef.QueryName, RecordType.A, RecordClass.IN, 60, [], 5, 4));
        }
    });

    internal static FakeHandler Large(int octets) => new(query =>
    {
        query.Response.Begin("test", authoritative: true);
        for (var left = octets; left > 0; left -= 1000)
        {
            query.Response.AddAnswer(NameRef.QueryName, RecordType.NULL, 60, new byte[1000]);
        }
    });

    /// <summary>Names that begin with "s" are answered when the upstream is done.</summary>
    internal static FakeHandler Slow(Task upstream) => new(async query =>
    {
        if (query.LowerName.Wire[1] == (byte)'s')
        {
            await upstream;
        }

        await TransportHarness.Address.HandleAsync(query);
    });

    private static byte[] Query(ushort id, string name = "www.test.") => StreamClient.Query(id, name);

    /// <summary>
    /// Moves the clock to <paramref name="deadline"/> from now, before which nothing may happen, and waits for what it brings. Timers are
    /// set by whatever thread a connection runs on: one that was set too late for this gets its time once more.
    /// </summary>
    internal static void AdvanceUntil(FakeTimeProvider time, TimeSpan deadline, Func<bool> isTrue)
    {
        var tick = TimeSpan.FromMilliseconds(1);
        time.Advance(deadline - tick);
        Assert.False(isTrue());
        time.Advance(tick);
        for (var again = 0; !SpinWait.SpinUntil(isTrue, TimeSpan.FromSeconds(2)); again++)
        {
            Assert.InRange(again, 0, 20);
            time.Advance(deadline);
        }
    }

    /// <summary>
    /// Returns when the server knows that its answers were taken, which their reader may know before: until then it is the write that
    /// takes too long by a clock that a test moves.
    /// </summary>
    internal static void AwaitEndOfWrites(TransportHarness harness) =>
        Assert.True(SpinWait.SpinUntil(() => harness.Limits.ConnectionMemory == 0, Patience.Limit));

    private async Task<StreamClient> ConnectAsync(TransportHarness harness, FakeHandler handler, params object[] parts) =>
        await StreamClient.ConnectAsync(harness.Start(harness.Group(handler, parts: parts)).LocalEndPoint, _token);

    private async Task<int> IdAsync(StreamClient client)
    {
        var message = await client.ReceiveAsync(_token);
        Assert.NotNull(message);
        return message.Id;
    }
}
