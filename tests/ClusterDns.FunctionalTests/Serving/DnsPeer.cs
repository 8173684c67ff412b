using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using ClusterDns.Testing;
using ClusterDns.Testing.Wire;

namespace ClusterDns.FunctionalTests.Serving;

/// <summary>Asks a server on 127.0.0.1 and shows the octets that come back.</summary>
internal sealed class DnsPeer(int port)
{
    private readonly IPEndPoint _server = new(IPAddress.Loopback, port);

    public static byte[] Query(string name, string type, ushort? payload = null, ushort id = 1)
    {
        WireMessage query = new() { Id = id, Bits = 0x0100 };
        query.Questions.Add(new WireQuestion(WireName.Parse(name), Mnemonics.TypeValue(type), Mnemonics.InternetClass));
        query.Opt = payload is { } octets ? new WireOpt(octets, 0, 0, 0, []) : null;
        return query.Encode();
    }

    public async Task<WireMessage> AskAsync(string name, string type) =>
        WireMessage.Decode(await AskUdpAsync(Query(name, type)));

    public async Task<byte[]> AskUdpAsync(byte[] query)
    {
        using CancellationTokenSource limit = new(Patience.Limit);
        using UdpClient client = new();
        client.Connect(_server);
        await client.SendAsync(query, limit.Token);
        return (await client.ReceiveAsync(limit.Token)).Buffer;
    }

    public async Task<byte[]> AskTcpAsync(byte[] query)
    {
        using CancellationTokenSource limit = new(Patience.Limit);
        using TcpClient client = new();
        await client.ConnectAsync(_server, limit.Token);
        NetworkStream stream = client.GetStream();
        byte[] length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)query.Length);
        await stream.WriteAsync((byte[])[.. length, .. query], limit.Token);
        await stream.ReadExactlyAsync(length, limit.Token);
        byte[] reply = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(reply, limit.Token);
        return reply;
    }
}
