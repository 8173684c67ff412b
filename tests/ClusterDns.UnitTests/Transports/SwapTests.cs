using System.Net;
using System.Net.Sockets;
using ClusterDns.Core.Pipeline;
using ClusterDns.Plugins.Multisocket;
using ClusterDns.Protocol.Records;
using ClusterDns.Server.Reloading;
using ClusterDns.Server.Transports;
using ClusterDns.Server.Transports.Linux;
using ClusterDns.Testing;
using ClusterDns.Testing.Transports;
using ClusterDns.Testing.Wire;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Transports;

/// <summary>Another plan behind the same sockets, and the end of a transport: no query is lost.</summary>
public sealed class SwapTests
{
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;
    private readonly TaskCompletionSource _upstream = new();

    [Fact]
    public async Task TrySwap_answers_by_the_new_plan_on_open_connections()
    {
        await using var harness = new TransportHarness();
        var transport = harness.Start(harness.Group(Says(1)));
        using var client = await StreamClient.ConnectAsync(transport.LocalEndPoint, _token);
        await client.SendAsync(_token, StreamClient.Query(1, "slow.test."));
        AssertInFlight(harness, 1);

        Assert.True(transport.TrySwap(harness.Group(Says(2))));
        await client.SendAsync(_token, StreamClient.Query(2, "www.test."));

        AssertAnswer((2, 2), await client.ReceiveAsync(_token));
        _upstream.SetResult();
        AssertAnswer((1, 1), await client.ReceiveAsync(_token));
    }

    [Theory]
    [MemberData(nameof(UdpTransportTests.Implementations), MemberType = typeof(UdpTransportTests))]
    public async Task TrySwap_answers_by_the_new_plan_on_the_same_UDP_socket(bool inBatches)
    {
        await using var harness = new TransportHarness();
        var transport = harness.Start(BindUdp(harness, inBatches, Says(1)));
        using var client = Connect(transport);
        await client.SendAsync(StreamClient.Query(1, "slow.test."), _token);
        AssertInFlight(harness, 1);

        Assert.True(transport.TrySwap(Group(harness, Says(2))));
        await client.SendAsync(StreamClient.Query(2, "www.test."), _token);

        AssertAnswer((2, 2), await ReceiveAsync(client));
        _upstream.SetResult();
        AssertAnswer((1, 1), await ReceiveAsync(client));
    }

    [Fact]
    public async Task TrySwap_refuses_another_number_of_UDP_sockets()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "batches are Linux' own");
        await using var harness = new TransportHarness();
        var transport = harness.Start(BindUdp(harness, inBatches: true, Says(1)));
        using var client = Connect(transport);

        Assert.False(transport.TrySwap(harness.Group(Says(2), parts: new MultisocketOptions(2))));
        await client.SendAsync(StreamClient.Query(3, "www.test."), _token);

        AssertAnswer((3, 1), await ReceiveAsync(client));
    }

    [Theory]
    [MemberData(nameof(UdpTransportTests.Implementations), MemberType = typeof(UdpTransportTests))]
    public async Task StopAsync_lets_queries_in_flight_be_answered(bool inBatches)
    {
        await using var harness = new TransportHarness();
        var transport = harness.Start(BindUdp(harness, inBatches, Says(1)));
        using var client = Connect(transport);
        await client.SendAsync(StreamClient.Query(5, "slow.test."), _token);
        AssertInFlight(harness, 1);

        var stopping = transport.StopAsync(Patience.Limit).AsTask();
        Assert.False(stopping.IsCompleted);
        _upstream.SetResult();

        AssertAnswer((5, 1), await ReceiveAsync(client));
        await stopping;
    }

    [Theory]
    [MemberData(nameof(UdpTransportTests.Implementations), MemberType = typeof(UdpTransportTests))]
    public async Task StopAsync_waits_no_longer_than_it_may(bool inBatches)
    {
        var time = new FakeTimeProvider();
        await using var harness = new TransportHarness(time);
        var transport = harness.Start(BindUdp(harness, inBatches, Says(1)));
        using var client = Connect(transport);
        await client.SendAsync(StreamClient.Query(6, "slow.test."), _token);
        AssertInFlight(harness, 1);

        var stopping = transport.StopAsync(TimeSpan.FromSeconds(5)).AsTask();
        StreamTransportTests.AdvanceUntil(time, TimeSpan.FromSeconds(5), () => stopping.IsCompleted);
        await stopping;

        // The answer comes to a closed socket, which must not matter.
        _upstream.SetResult();
        AssertInFlight(harness, 0);
    }

    // A chain whose answers say which plan it belongs to; names that begin with "s" wait for the upstream.
    private FakeHandler Says(byte plan) => new(async query =>
    {
        if (query.LowerName.Wire[1] == (byte)'s')
        {
            await _upstream.Task;
        }

        query.Response.Begin("test", authoritative: true);
        query.Response.AddAnswer(NameRef.QueryName, RecordType.A, 60, [192, 0, 2, plan]);
    });

    private static ListenGroup Group(TransportHarness harness, FakeHandler handler) =>
        harness.Group(handler, parts: new MultisocketOptions(1));

    private static ITransport BindUdp(TransportHarness harness, bool inBatches, FakeHandler handler) => inBatches
        ? UdpBatchTransport.Bind(Group(harness, handler), 0, harness.Services, harness.Limits)
        : UdpSocketTransport.Bind(Group(harness, handler), 0, harness.Services, harness.Limits);

    private static Socket Connect(ITransport transport)
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        client.Connect(IPAddress.Loopback, transport.LocalEndPoint.Port);
        return client;
    }

    private async Task<WireMessage> ReceiveAsync(Socket client)
    {
        var buffer = new byte[512];
        var length = await client.ReceiveAsync(buffer, _token);
        return WireMessage.Decode(buffer[..length]);
    }

    private static void AssertInFlight(TransportHarness harness, int count) =>
        Assert.True(SpinWait.SpinUntil(() => harness.Limits.QueriesInFlight == count, Patience.Limit));

    private static void AssertAnswer((int Id, byte Plan) expected, WireMessage? reply)
    {
        Assert.NotNull(reply);
        Assert.Equal(expected.Id, reply.Id);
        Assert.Equal([192, 0, 2, expected.Plan], Assert.Single(reply.Answer).Rdata);
    }
}
