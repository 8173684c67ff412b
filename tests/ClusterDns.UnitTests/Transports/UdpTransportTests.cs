using System.Net;
using System.Net.Sockets;
using ClusterDns.Plugins.Multisocket;
using ClusterDns.Server.Transports;
using ClusterDns.Server.Transports.Linux;
using ClusterDns.Testing.Transports;
using ClusterDns.Testing.Wire;
using Xunit;
using ResponseCode = ClusterDns.Protocol.Messages.ResponseCode;

namespace ClusterDns.UnitTests.Transports;

/// <summary>Both UDP transports by the same tests: in batches on Linux, by plain sockets everywhere.</summary>
public sealed class UdpTransportTests : IAsyncDisposable
{
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;
    private readonly TransportHarness _harness = new();

    public static TheoryData<bool> Implementations => OperatingSystem.IsLinux() ? [true, false] : [false];

    [Theory]
    [MemberData(nameof(Implementations))]
    public async Task Answer_larger_than_a_batch_holds_is_sent_whole(bool inBatches)
    {
        using var client = Connect(inBatches, StreamTransportTests.Large(20_000));
        var query = new WireMessage { Id = 1, Opt = new WireOpt(65_535, 0, 0, 0, []) };
        query.Questions.Add(new WireQuestion(WireName.Parse("www.test."), 1, 1));

        await client.SendAsync(query.Encode(), _token);
        var reply = await ReceiveAsync(client);

        Assert.False(reply.Truncated);
        Assert.Equal(20, reply.Answer.Count);
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public async Task Answer_larger_than_the_client_takes_is_truncated(bool inBatches)
    {
        using var client = Connect(inBatches, StreamTransportTests.Large(20_000));

        await client.SendAsync(StreamClient.Query(1, "www.test."), _token);

        Assert.True((await ReceiveAsync(client)).Truncated);
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public async Task Request_larger_than_our_OPT_allows_is_a_format_error(bool inBatches)
    {
        using var client = Connect(inBatches, TransportHarness.Address);
        var request = new byte[3000];
        StreamClient.Query(9, "www.test.").CopyTo(request, 0);

        await client.SendAsync(request, _token);
        var reply = await ReceiveAsync(client);

        Assert.Equal(9, reply.Id);
        Assert.Equal((int)ResponseCode.FormErr, reply.ResponseCode);
        Assert.Empty(reply.Questions);
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public async Task Fault_in_writing_an_answer_costs_that_answer_alone(bool inBatches)
    {
        using var client = Connect(inBatches, StreamTransportTests.Unwritable);

        await client.SendAsync(StreamClient.Query(1, "bad.test."), _token);
        await client.SendAsync(StreamClient.Query(2, "bad-later.test."), _token);
        await client.SendAsync(StreamClient.Query(3, "www.test."), _token);

        Assert.Equal(3, (await ReceiveAsync(client)).Id);
    }

    public ValueTask DisposeAsync() => _harness.DisposeAsync();

    private Socket Connect(bool inBatches, FakeHandler handler)
    {
        var group = _harness.Group(handler, parts: new MultisocketOptions(1));
        ITransport transport = inBatches
            ? UdpBatchTransport.Bind(group, 0, _harness.Services, _harness.Limits)
            : UdpSocketTransport.Bind(group, 0, _harness.Services, _harness.Limits);
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        client.Connect(new IPEndPoint(IPAddress.Loopback, _harness.Start(transport).LocalEndPoint.Port));
        return client;
    }

    private async Task<WireMessage> ReceiveAsync(Socket client)
    {
        var buffer = new byte[ushort.MaxValue];
        var length = await client.ReceiveAsync(buffer, _token);
        return WireMessage.Decode(buffer[..length]);
    }
}
