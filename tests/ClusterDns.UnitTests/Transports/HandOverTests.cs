using System.Net;
using System.Net.Sockets;
using ClusterDns.Core.Pipeline;
using ClusterDns.Plugins.Multisocket;
using ClusterDns.Protocol.Records;
using ClusterDns.Server.Transports;
using ClusterDns.Testing;
using ClusterDns.Testing.Transports;
using ClusterDns.Testing.Wire;
using Xunit;

namespace ClusterDns.UnitTests.Transports;

/// <summary>A transport that ends beside another one of the same address: every query is answered by the one or the other.</summary>
public sealed class HandOverTests
{
    private const int Clients = 200;

    private readonly CancellationToken _token = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData(null)]
    public async Task Datagrams_go_to_the_one_that_stays_and_none_is_lost(string? address)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "sharing an address so is Linux' own");
        await using var harness = new TransportHarness();
        var old = harness.Start(Bind(harness, Says(1), address, 0));
        var successor = harness.Start(Bind(harness, Says(2), address, old.LocalEndPoint.Port));
        var clients = Enumerable.Range(0, Clients).Select(_ => Connect(old)).ToArray();

        var before = await AskAllAsync(clients);
        var stopping = Task.CompletedTask;
        var during = await AskAllAsync(clients, half: () => stopping = old.StopAsync(Patience.Limit).AsTask());
        await stopping;
        var after = await AskAllAsync(clients);

        Assert.Equal<byte>([1, 2], [.. before.Distinct().Order()]);
        Assert.Equal(Clients, during.Length);
        Assert.All(after, static plan => Assert.Equal(2, plan));
        Array.ForEach(clients, static client => client.Dispose());
        Assert.NotEqual(0, successor.LastQuery);
    }

    [Fact]
    public async Task Connections_that_nobody_has_accepted_yet_are_answered()
    {
        await using var harness = new TransportHarness();
        var transport = harness.Start(harness.Group(Says(1)));
        var clients = new List<StreamClient>();
        for (ushort id = 0; id < 50; id++)
        {
            var client = await StreamClient.ConnectAsync(transport.LocalEndPoint, _token);
            await client.SendAsync(_token, StreamClient.Query(id, "www.test."));
            clients.Add(client);
        }

        var stopping = transport.StopAsync(Patience.Limit).AsTask();
        for (var id = 0; id < clients.Count; id++)
        {
            var reply = await clients[id].ReceiveAsync(_token);
            Assert.Equal(id, Assert.IsType<WireMessage>(reply).Id);
            clients[id].Dispose();
        }

        await stopping;
    }

    private static FakeHandler Says(byte plan) => new(query =>
    {
        query.Response.Begin("test", authoritative: true);
        query.Response.AddAnswer(NameRef.QueryName, RecordType.A, 60, [192, 0, 2, plan]);
    });

    private static DnsTransport Bind(TransportHarness harness, FakeHandler handler, string? address, int port) =>
        DnsTransport.Bind(harness.Group(handler, address, port: port, parts: new MultisocketOptions(2)), harness.Services, harness.Limits);

    private static Socket Connect(ITransport transport)
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        client.Connect(IPAddress.Loopback, transport.LocalEndPoint.Port);
        return client;
    }

    // Which transport answered each client; throws where one stays without an answer.
    private async Task<byte[]> AskAllAsync(Socket[] clients, Action? half = null)
    {
        for (var index = 0; index < clients.Length; index++)
        {
            if (index == clients.Length / 2)
            {
                half?.Invoke();
            }

            await clients[index].SendAsync(StreamClient.Query((ushort)index, "www.test."), _token);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_token);
        limit.CancelAfter(Patience.Limit);
        var plans = new byte[clients.Length];
        var buffer = new byte[512];
        for (var index = 0; index < clients.Length; index++)
        {
            var length = await clients[index].ReceiveAsync(buffer, limit.Token);
            plans[index] = Assert.Single(WireMessage.Decode(buffer[..length]).Answer).Rdata[3];
        }

        return plans;
    }
}
