using System.Net;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Plugins.Quic;
using ClusterDns.Server.Transports;
using ClusterDns.Server.Transports.Quic;
using ClusterDns.Testing;
using ClusterDns.Testing.Transports;
using ClusterDns.Testing.Wire;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Transports;

/// <summary>DNS over QUIC without QUIC: framing, error codes, ceilings (RFC 9250).</summary>
public sealed class DoqServiceTests
{
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Query_is_answered_on_its_stream_which_then_ends()
    {
        await using var harness = new TransportHarness(_time);
        using var service = Service(harness, TransportHarness.Address);
        var session = new FakeQuicSession();
        _ = service.ServeAsync(session);

        var stream = session.Open();
        await stream.AskAsync(Query());

        var reply = await stream.ReceiveAsync(_token);
        Assert.Equal(0, reply!.Id);
        Assert.Single(reply.Answer);
        Assert.Null(await stream.ReceiveAsync(_token));
    }

    [Fact]
    public async Task Query_that_comes_octet_by_octet_is_answered()
    {
        await using var harness = new TransportHarness(_time);
        using var service = Service(harness, TransportHarness.Address);
        var session = new FakeQuicSession();
        _ = service.ServeAsync(session);

        var stream = session.Open();
        byte[] query = Query();
        foreach (var octet in (byte[])[0, (byte)query.Length, .. query])
        {
            await stream.SendAsync([octet], completes: false);
        }

        await stream.SendAsync([]);

        Assert.NotNull(await stream.ReceiveAsync(_token));
    }

    public static TheoryData<string, byte[]> BrokenRules()
    {
        var query = Query();
        var withId = StreamClient.Query(7, "a.test.");
        var keepalive = new WireMessage { Id = 0, Bits = 0x0100 };
        keepalive.Questions.Add(new WireQuestion(WireName.Parse("a.test."), 1, 1));
        byte[] withKeepalive = [.. keepalive.Encode(), 0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 4, 0, 11, 0, 0];
        withKeepalive[11] = 1;
        return new()
        {
            { "an id", Framed(withId) },
            { "the keepalive option", Framed(withKeepalive) },
            { "nothing", [] },
            { "half a length", [0] },
            { "a message cut short", Framed(query)[..^1] },
            { "more behind the message", [.. Framed(query), 0] },
            { "two queries", [.. Framed(query), .. Framed(query)] },
            { "an empty message", [0, 0] },
            { "noise", Framed([.. Enumerable.Repeat((byte)0xff, 40)]) },
            { "a response", Framed(With(query, 2, 0x80)) },
            { "a malformed question", Framed([.. query[..12], 63, .. query[13..]]) },
        };
    }

    [Theory]
    [MemberData(nameof(BrokenRules))]
    public async Task Broken_rule_ends_the_connection_with_a_protocol_error(string what, byte[] octets)
    {
        Assert.NotEmpty(what);
        await using var harness = new TransportHarness(_time);
        using var service = Service(harness, TransportHarness.Address);
        var session = new FakeQuicSession();
        var serving = service.ServeAsync(session);

        await session.Open().SendAsync(octets);

        Assert.Equal(DoqError.Protocol, await session.Closed);
        await serving;
        Assert.True(session.IsDisposed);
        Assert.Equal(0, harness.Limits.ConnectionMemory);
    }

    [Fact]
    public async Task Dropped_query_resets_its_stream_and_the_next_is_answered()
    {
        await using var harness = new TransportHarness(_time);
        var drop = true;
        var handler = new FakeHandler(query =>
        {
            if (drop)
            {
                query.Response.Drop("test");
                return ValueTask.CompletedTask;
            }

            return TransportHarness.Address.HandleAsync(query);
        });
        using var service = Service(harness, handler);
        var session = new FakeQuicSession();
        _ = service.ServeAsync(session);

        var first = session.Open();
        await first.AskAsync(Query());
        Assert.Equal(DoqError.Internal, await first.Aborted);

        drop = false;
        var second = session.Open();
        await second.AskAsync(Query());
        Assert.NotNull(await second.ReceiveAsync(_token));
    }

    [Fact]
    public async Task Bug_behind_a_query_costs_that_query()
    {
        await using var harness = new TransportHarness(_time);
        using var service = Service(harness, new FakeHandler(static _ => throw new InvalidOperationException("a bug")));
        var session = new FakeQuicSession();
        _ = service.ServeAsync(session);

        var stream = session.Open();
        await stream.AskAsync(Query());

        Assert.Equal(2, (await stream.ReceiveAsync(_token))!.Bits & 0xf);
        Assert.False(session.Closed.IsCompleted);
    }

    [Fact]
    public async Task Query_that_does_not_come_in_time_holds_no_worker_and_loses_its_stream()
    {
        await using var harness = new TransportHarness(_time);
        using var service = Service(harness, TransportHarness.Address, new QuicOptions(WorkerPoolSize: 1));
        var session = new FakeQuicSession();
        _ = service.ServeAsync(session);

        var slow = session.Open();
        await slow.AskAsync(Query(), completes: false);
        var quick = session.Open();
        await quick.AskAsync(Query());
        Assert.NotNull(await quick.ReceiveAsync(_token));

        await AdvanceUntil(slow.Aborted, TimeSpan.FromSeconds(1));
        Assert.Equal(DoqError.ExcessiveLoad, await slow.Aborted);
        Assert.Equal(1, harness.Limits.ClosedTimedOut.Value);
    }

    [Fact]
    public async Task Streams_beyond_the_ceiling_are_reset_and_the_others_go_on()
    {
        var upstream = new TaskCompletionSource();
        await using var harness = new TransportHarness(_time);
        using var service = Service(harness, StreamTransportTests.Slow(upstream.Task), new QuicOptions(MaxStreams: 2));
        var session = new FakeQuicSession();
        _ = service.ServeAsync(session);

        var streams = new[] { session.Open(), session.Open(), session.Open() };
        foreach (var stream in streams)
        {
            await stream.AskAsync(StreamClient.Query(0, "slow.test."));
        }

        Assert.Equal(DoqError.ExcessiveLoad, await streams[2].Aborted);
        Assert.Equal(1, harness.Ceiling("quic_streams"));
        upstream.SetResult();
        Assert.NotNull(await streams[0].ReceiveAsync(_token));
        Assert.NotNull(await streams[1].ReceiveAsync(_token));
    }

    [Fact]
    public async Task No_more_queries_than_workers_are_in_the_chain_at_once()
    {
        var upstream = new TaskCompletionSource();
        var inside = 0;
        var most = 0;
        var handler = new FakeHandler(async query =>
        {
            var now = Interlocked.Increment(ref inside);
            most = Math.Max(most, now);
            await upstream.Task;
            Interlocked.Decrement(ref inside);
            await TransportHarness.Address.HandleAsync(query);
        });
        await using var harness = new TransportHarness(_time);
        using var service = Service(harness, handler, new QuicOptions(WorkerPoolSize: 3));
        var sessions = Enumerable.Range(0, 4).Select(_ => new FakeQuicSession()).ToArray();
        Array.ForEach(sessions, session => _ = service.ServeAsync(session));
        var streams = sessions.SelectMany(static session => Enumerable.Range(0, 4).Select(_ => session.Open())).ToArray();
        foreach (var stream in streams)
        {
            await stream.AskAsync(Query());
        }

        Assert.True(SpinWait.SpinUntil(() => service.Workers.CurrentCount == 0, Patience.Limit));
        upstream.SetResult();
        foreach (var stream in streams)
        {
            Assert.NotNull(await stream.ReceiveAsync(_token));
        }

        // A worker's place is given back behind its answer.
        Assert.True(SpinWait.SpinUntil(() => service.Workers.CurrentCount == 3, Patience.Limit));
        Assert.InRange(most, 1, 3);
    }

    [Fact]
    public async Task Connection_beyond_the_ceiling_takes_the_place_of_the_one_idle_for_longest()
    {
        await using var harness = new TransportHarness(_time);
        using var service = Service(harness, TransportHarness.Address, maxConnections: 2);
        var oldest = await ServeAsync(service);
        _time.Advance(TimeSpan.FromSeconds(1));
        var older = await ServeAsync(service);
        _time.Advance(TimeSpan.FromSeconds(1));

        var newest = await ServeAsync(service);

        Assert.Equal(DoqError.ExcessiveLoad, await oldest.Closed);
        Assert.False(older.Closed.IsCompleted);
        Assert.False(newest.Closed.IsCompleted);
        Assert.Equal(1, harness.Limits.ClosedForAnother.Value);
    }

    [Fact]
    public async Task Connection_beyond_the_ceiling_is_closed_when_none_is_idle()
    {
        var upstream = new TaskCompletionSource();
        await using var harness = new TransportHarness(_time);
        using var service = Service(harness, StreamTransportTests.Slow(upstream.Task), maxConnections: 1);
        var busy = new FakeQuicSession();
        _ = service.ServeAsync(busy);
        var stream = busy.Open();
        await stream.AskAsync(StreamClient.Query(0, "slow.test."));
        Assert.True(SpinWait.SpinUntil(() => harness.Limits.QueriesInFlight == 1, Patience.Limit));

        var late = new FakeQuicSession();
        await service.ServeAsync(late);

        Assert.Equal(DoqError.ExcessiveLoad, await late.Closed);
        Assert.Equal(1, harness.Limits.ClosedAtOnce.Value);
        upstream.SetResult();
        Assert.NotNull(await stream.ReceiveAsync(_token));
    }

    [Fact]
    public async Task Connection_beyond_the_ceiling_takes_the_place_of_a_busy_one_whose_client_has_more()
    {
        var upstream = new TaskCompletionSource();
        await using var harness = new TransportHarness(_time);
        using var service = Service(harness, StreamTransportTests.Slow(upstream.Task), maxConnections: 2);
        var busy = new[] { new FakeQuicSession(), new FakeQuicSession() };
        for (var number = 0; number < busy.Length; number++)
        {
            _ = service.ServeAsync(busy[number]);
            await busy[number].Open().AskAsync(StreamClient.Query(0, "slow.test."));
            Assert.True(SpinWait.SpinUntil(() => harness.Limits.QueriesInFlight == number + 1, Patience.Limit));
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        var other = new FakeQuicSession { Client = new SocketEndpoint(IPAddressValue.From(IPAddress.Parse("127.0.0.2")), 40_000) };
        _ = service.ServeAsync(other);

        Assert.Equal(DoqError.ExcessiveLoad, await busy[0].Closed);
        Assert.False(busy[1].Closed.IsCompleted);
        Assert.False(other.Closed.IsCompleted);
        Assert.Equal(1, harness.Limits.ClosedForAnother.Value);
        upstream.SetResult();
    }

    [Fact]
    public async Task Connection_without_queries_is_closed_whatever_keeps_it_alive()
    {
        await using var harness = new TransportHarness(_time);
        using var service = Service(harness, TransportHarness.Address);
        var session = new FakeQuicSession();
        var serving = service.ServeAsync(session);

        await AdvanceUntil(session.Closed, TimeSpan.FromSeconds(1));

        Assert.Equal(DoqError.None, await session.Closed);
        await serving;
        Assert.Equal(0, service.Connections);
    }

    [Fact]
    public async Task Stop_lets_queries_in_flight_end()
    {
        var upstream = new TaskCompletionSource();
        await using var harness = new TransportHarness(_time);
        using var service = Service(harness, StreamTransportTests.Slow(upstream.Task));
        var session = new FakeQuicSession();
        _ = service.ServeAsync(session);
        var stream = session.Open();
        await stream.AskAsync(StreamClient.Query(0, "slow.test."));
        Assert.True(SpinWait.SpinUntil(() => harness.Limits.QueriesInFlight == 1, Patience.Limit));

        var stopping = service.StopAsync(TimeSpan.FromSeconds(5));
        Assert.False(stopping.IsCompleted);
        upstream.SetResult();

        Assert.NotNull(await stream.ReceiveAsync(_token));
        await stopping;
    }

    [Fact]
    public async Task Streams_are_counted_by_how_they_end()
    {
        await using var harness = new TransportHarness(_time);
        using var service = Service(harness, TransportHarness.Address);
        var session = new FakeQuicSession();
        var serving = service.ServeAsync(session);
        var stream = session.Open();
        await stream.AskAsync(Query());
        await stream.ReceiveAsync(_token);
        await session.Open().SendAsync([0]);
        await serving;

        var family = harness.Services.Metrics.Counter("coredns_dns_quic_responses_total", "", "server", "status");
        Assert.Equal(1, family.With("quic://127.0.0.1:0", "0x0").Value);
        Assert.Equal(1, family.With("quic://127.0.0.1:0", "0x2").Value);
    }

    [Theory]
    [InlineData(TransportScheme.Quic)]
    [InlineData(TransportScheme.Https3)]
    public async Task Bind_names_the_line_and_what_is_missing_when_there_is_no_certificate(TransportScheme scheme)
    {
        await using var harness = new TransportHarness();

        var error = Assert.Throws<ListenException>(() => harness.Start(harness.Group(TransportHarness.Address, scheme: scheme)));

        Assert.StartsWith("Corefile:1: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("tls", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_says_where_and_what_to_install()
    {
        await using var harness = new TransportHarness();

        var error = QuicSupport.Missing(harness.Group(TransportHarness.Address, scheme: TransportScheme.Quic));

        Assert.StartsWith("Corefile:1: cannot listen on quic://127.0.0.1:0: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("install the package libmsquic", error.Message, StringComparison.Ordinal);
    }

    private static DoqService Service(
        TransportHarness harness, IQueryHandler handler, QuicOptions? options = null, int maxConnections = QuicOptions.MaxConnections)
    {
        var group = harness.Group(handler, scheme: TransportScheme.Quic, parts: options ?? new QuicOptions());
        return new DoqService(group, TransportOptions.From(group.Blocks), harness.Services, harness.Limits, maxConnections);
    }

    private async Task<FakeQuicSession> ServeAsync(DoqService service)
    {
        var session = new FakeQuicSession();
        _ = service.ServeAsync(session);
        var stream = session.Open();
        await stream.AskAsync(Query());
        Assert.NotNull(await stream.ReceiveAsync(_token));
        Assert.Null(await stream.ReceiveAsync(_token));

        // The client knows before the server that it waits for nothing more.
        Assert.True(SpinWait.SpinUntil(() => service.IsIdle, Patience.Limit));
        return session;
    }

    // Timers are set by whatever thread the connection runs on: the clock goes on until they are.
    private async Task AdvanceUntil(Task done, TimeSpan step)
    {
        for (var rounds = 0; rounds < 60 && !done.IsCompleted; rounds++)
        {
            _time.Advance(step);
            await Task.WhenAny(done, Task.Delay(50, _token));
        }
    }

    private static byte[] Query() => StreamClient.Query(0, "a.test.");

    private static byte[] Framed(byte[] message) => [(byte)(message.Length >> 8), (byte)message.Length, .. message];

    private static byte[] With(byte[] message, int at, byte octet)
    {
        byte[] copy = [.. message];
        copy[at] |= octet;
        return copy;
    }
}
