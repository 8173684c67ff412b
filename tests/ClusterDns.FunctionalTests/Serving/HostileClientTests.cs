using System.Net;
using System.Net.Sockets;
using ClusterDns.Testing.Wire;
using Xunit;

namespace ClusterDns.FunctionalTests.Serving;

/// <summary>Octets that are no queries, and clients that do not read, cost nobody else an answer.</summary>
public sealed class HostileClientTests(KubeadmServer server) : IClassFixture<KubeadmServer>
{
    private const int Rounds = 100;
    private const int DatagramsPerRound = 50;
    private const int Streams = 200;
    private const int Seed = 20_461;

    private const int FormErr = 1;
    private const int NotImp = 4;

    private static readonly byte[] Good = DnsPeer.Query("web.demo.svc.cluster.local.", "A", 1232);

    [Fact]
    public async Task Datagrams_that_are_no_queries_are_survived()
    {
        Random random = new(Seed);
        using UdpClient client = new();
        client.Connect(IPAddress.Loopback, server.Port);
        for (int round = 0; round < Rounds; round++)
        {
            // No more at once than a socket's buffer holds: what the kernel drops tests nothing.
            for (int i = 0; i < DatagramsPerRound; i++)
            {
                await client.SendAsync(Damaged(random), TestContext.Current.CancellationToken);
            }

            await AssertServesAsync();
        }
    }

    [Fact]
    public async Task Streams_that_are_no_queries_are_survived()
    {
        Random random = new(Seed);
        List<TcpClient> held = [];
        for (int i = 0; i < Streams; i++)
        {
            TcpClient client = new();
            held.Add(client);
            await client.ConnectAsync(IPAddress.Loopback, server.Port, TestContext.Current.CancellationToken);
            byte[] message = Damaged(random);
            // The length is right, wrong, or the message never comes to its end.
            int length = random.Next(3) == 0 ? random.Next(65_536) : message.Length;
            byte[] stream = [(byte)(length >> 8), (byte)length, .. message];
            await client.Client.SendAsync(stream);
        }

        await AssertServesAsync();
        held.ForEach(static client => client.Dispose());
        await AssertServesAsync();
    }

    [Fact]
    public async Task Queries_that_end_early_are_format_errors()
    {
        WireMessage reply = WireMessage.Decode(await server.Dns.AskUdpAsync(Good[..20]));
        Assert.Equal((FormErr, 1), (reply.ResponseCode, reply.Id));
    }

    [Fact]
    public async Task Operations_that_are_not_known_are_not_implemented()
    {
        byte[] update = [.. Good];
        update[2] = 5 << 3;
        Assert.Equal(NotImp, (await server.Dns.AskUdpAsync(update))[3] & 15);
    }

    private async Task AssertServesAsync()
    {
        Assert.False(server.Process.HasExited, server.Process.Output);
        Assert.Single(WireMessage.Decode(await server.Dns.AskUdpAsync(Good)).Answer);
        Assert.Single(WireMessage.Decode(await server.Dns.AskTcpAsync(Good)).Answer);
        (_, string metrics) = await KubeadmServer.GetAsync(server.MetricsPort, "/metrics");
        Assert.DoesNotMatch(@"(?m)^coredns_panics_total [1-9]", metrics);
    }

    // A query with some octets changed, or cut, or nothing but noise.
    private static byte[] Damaged(Random random)
    {
        byte[] octets = [.. Good];
        if (random.Next(4) == 0)
        {
            octets = new byte[random.Next(1, 200)];
            random.NextBytes(octets);
        }

        for (int changes = random.Next(4); changes > 0; changes--)
        {
            octets[random.Next(octets.Length)] = (byte)random.Next(256);
        }

        return random.Next(3) == 0 ? octets[..random.Next(octets.Length)] : octets;
    }
}
