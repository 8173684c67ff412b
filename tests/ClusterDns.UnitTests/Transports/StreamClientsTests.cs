using System.Diagnostics;
using System.Net.Sockets;
using ClusterDns.Core.Telemetry;
using ClusterDns.Server.Transports;
using ClusterDns.Testing;
using ClusterDns.Testing.Transports;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Transports;

/// <summary>What clients do with a connection: send slowly, send noise, too much at once, or end their side.</summary>
public sealed class StreamClientsTests
{
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Client_that_ended_its_side_gets_the_answers_it_waits_for()
    {
        var upstream = new TaskCompletionSource();
        await using var harness = new TransportHarness();
        using var client = await ConnectAsync(harness, StreamTransportTests.Slow(upstream.Task));
        await client.SendAsync(_token, Query(1, "slow.test."), Query(2));
        await client.EndAsync();

        Assert.Equal(2, await IdAsync(client));
        upstream.SetResult();

        Assert.Equal(1, await IdAsync(client));
        Assert.Null(await client.ReceiveAsync(_token));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(65_535)]
    public async Task Message_that_is_noise_costs_itself_alone(int octets)
    {
        await using var harness = new TransportHarness();
        using var client = await ConnectAsync(harness, TransportHarness.Address);
        var noise = new byte[octets];
        Array.Fill(noise, (byte)0xff); // also says that it is a response, which nobody answers

        await client.SendAsync(_token, noise, Query(1), noise, Query(2));

        Assert.Equal(1, await IdAsync(client));
        Assert.Equal(2, await IdAsync(client));
    }

    [Fact]
    public async Task Query_with_octets_after_its_end_in_the_longest_message_is_answered()
    {
        await using var harness = new TransportHarness();
        using var client = await ConnectAsync(harness, TransportHarness.Address);
        var message = new byte[ushort.MaxValue];
        Query(1).CopyTo(message, 0);

        await client.SendAsync(_token, message);

        Assert.Equal(1, await IdAsync(client));
        Assert.True(SpinWait.SpinUntil(() => harness.Limits.ConnectionMemory == 0, Patience.Limit));
    }

    [Fact]
    public async Task Query_that_comes_octet_by_octet_is_answered()
    {
        await using var harness = new TransportHarness();
        using var client = await ConnectAsync(harness, TransportHarness.Address);
        var query = Query(5);
        foreach (var octet in (byte[])[0, (byte)query.Length, .. query])
        {
            await client.SendOctetsAsync([octet], _token);
        }

        Assert.Equal(5, await IdAsync(client));
    }

    [Fact]
    public async Task Octets_of_a_query_that_never_ends_do_not_keep_the_connection()
    {
        var time = new FakeTimeProvider();
        await using var harness = new TransportHarness(time);
        using var client = await ConnectAsync(harness, TransportHarness.Address);
        await client.SendAsync(_token, Query(1));
        Assert.Equal(1, await IdAsync(client));
        StreamTransportTests.AwaitEndOfWrites(harness);
        var start = time.GetUtcNow();
        var since = Stopwatch.GetTimestamp();

        await client.SendOctetsAsync([0xff, 0xff], _token);
        while (harness.Limits.ClosedTimedOut.Value == 0 && Stopwatch.GetElapsedTime(since) < Patience.Limit)
        {
            await TrySendAsync(client, [0]);
            time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(1, harness.Limits.ClosedTimedOut.Value);
        Assert.True(time.GetUtcNow() - start >= TimeSpan.FromSeconds(10));
        Assert.Null(await client.ReceiveAsync(_token));
    }

    [Fact]
    public async Task Connection_waits_with_more_queries_than_may_be_in_flight()
    {
        var upstreams = new[] { new TaskCompletionSource(), new TaskCompletionSource() };
        var limits = (Func<MetricRegistry, TransportLimits>)(static metrics =>
            new TransportLimits(metrics) { MaxInFlightPerConnection = 2 });
        await using var harness = new TransportHarness(limits: limits);
        using var client = await ConnectAsync(harness, new FakeHandler(async query =>
        {
            if (query.LowerName.Wire[1] is >= (byte)'0' and <= (byte)'1' and var digit)
            {
                await upstreams[digit - '0'].Task;
            }

            await TransportHarness.Address.HandleAsync(query);
        }));

        await client.SendAsync(_token, Query(1, "0.test."), Query(2, "1.test."), Query(3));

        // Counted behind the second query that waits: without the ceiling the third would have been answered first.
        Assert.True(SpinWait.SpinUntil(() => harness.Ceiling("connection_queries") == 1, Patience.Limit));
        upstreams[1].SetResult();
        Assert.Equal(2, await IdAsync(client));
        Assert.Equal(3, await IdAsync(client));
        upstreams[0].SetResult();
        Assert.Equal(1, await IdAsync(client));
    }

    [Fact]
    public async Task StopAsync_ends_connections_whose_queries_take_longer_than_the_drain()
    {
        var upstream = new TaskCompletionSource();
        var time = new FakeTimeProvider();
        await using var harness = new TransportHarness(time);
        var transport = harness.Start(harness.Group(StreamTransportTests.Slow(upstream.Task)));
        using var client = await StreamClient.ConnectAsync(transport.LocalEndPoint, _token);
        await client.SendAsync(_token, Query(1, "slow.test."));
        Assert.True(SpinWait.SpinUntil(() => harness.Limits.QueriesInFlight == 1, Patience.Limit));

        var stopping = transport.StopAsync(TimeSpan.FromSeconds(5)).AsTask();
        StreamTransportTests.AdvanceUntil(time, TimeSpan.FromSeconds(5), () => stopping.IsCompleted);

        Assert.Null(await client.ReceiveAsync(_token));
        upstream.SetResult();
        Assert.True(SpinWait.SpinUntil(() => harness.Limits.Connections.Count == 0, Patience.Limit));
    }

    private static byte[] Query(ushort id, string name = "www.test.") => StreamClient.Query(id, name);

    private async Task TrySendAsync(StreamClient client, byte[] octets)
    {
        try
        {
            await client.SendOctetsAsync(octets, _token);
        }
        catch (IOException exception) when (exception.InnerException is SocketException)
        {
            // It was closed, which is what the caller waits for.
        }
    }

    private async Task<StreamClient> ConnectAsync(TransportHarness harness, FakeHandler handler)
    {
        var client = await StreamClient.ConnectAsync(harness.Start(harness.Group(handler)).LocalEndPoint, _token);
        Assert.True(SpinWait.SpinUntil(() => harness.Limits.Connections.Count == 1, Patience.Limit));
        return client;
    }

    private async Task<int> IdAsync(StreamClient client)
    {
        var message = await client.ReceiveAsync(_token);
        Assert.NotNull(message);
        return message.Id;
    }
}
