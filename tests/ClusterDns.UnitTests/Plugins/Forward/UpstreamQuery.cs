using System.Net;
using System.Net.Sockets;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Wire;

namespace ClusterDns.UnitTests.Plugins.Forward;

/// <summary>A query as it arrived at a <see cref="ScriptedUpstream"/>, with the means to answer it, rightly or wrongly.</summary>
internal sealed record UpstreamQuery(WireMessage Message, IPEndPoint Client, bool OverTcp, Func<byte[], Task> ReplyAsync, Func<byte[], Task> WriteAsync, Action Close)
{
    private const ushort Response = 0x8000;

    /// <summary>An answer with RA and the given records, one A record of 10.0.0.1 where none are given.</summary>
    public WireMessage Answer(ushort bits = 0x0080, params WireRecord[] records) => new()
    {
        Id = Message.Id,
        Bits = (ushort)(Response | (Message.Bits & 0x0100) | bits),
        Questions = [.. Message.Questions],
        Answer = [.. records.Length == 0 && (bits & 15) == 0 ? [Record(RecordType.A, [10, 0, 0, 1])] : records],
    };

    /// <summary>A record of the name that was asked for.</summary>
    public WireRecord Record(RecordType type, byte[] rdata, uint ttl = 60) => new(Message.Questions[0].Name, (ushort)type, 1, ttl, rdata);

    public Task AnswerAsync(ushort bits = 0x0080, params WireRecord[] records) => ReplyAsync(Answer(bits, records).Encode());

    /// <summary>Sends a datagram to the asker from a port other than the one it asked.</summary>
    public async Task ReplyFromElsewhereAsync(byte[] reply)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await socket.SendToAsync(reply, Client);
    }
}
