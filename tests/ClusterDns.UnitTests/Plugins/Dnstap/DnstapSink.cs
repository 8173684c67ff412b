using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ClusterDns.UnitTests.Plugins.Dnstap;

/// <summary>The reading side of Frame Streams, written from its specification, over one connection.</summary>
internal sealed class DnstapSink(Stream stream) : IDisposable
{
    public static async Task<DnstapSink> AcceptAsync(Socket listener, CancellationToken token)
    {
        var sink = new DnstapSink(new NetworkStream(await listener.AcceptAsync(token), ownsSocket: true));
        await sink.ShakeHandsAsync(token);
        return sink;
    }

    public static async Task<DnstapSink> ConnectAsync(EndPoint endpoint, CancellationToken token)
    {
        var socket = Create(endpoint);
        await socket.ConnectAsync(endpoint, token);
        var sink = new DnstapSink(new NetworkStream(socket, ownsSocket: true));
        await sink.ShakeHandsAsync(token);
        return sink;
    }

    public static Socket Listen(EndPoint endpoint)
    {
        var socket = Create(endpoint);
        socket.Bind(endpoint);
        socket.Listen();
        return socket;
    }

    public async Task ShakeHandsAsync(CancellationToken token)
    {
        var ready = await ReadAsync(token);
        if (ready.Control != 4 || !ready.Octets.AsSpan(4).SequenceEqual(ContentTypeField()))
        {
            throw new InvalidDataException("no READY for dnstap");
        }

        await WriteControlAsync(1, ContentTypeField(), token);
        var start = await ReadAsync(token);
        if (start.Control != 2)
        {
            throw new InvalidDataException("no START");
        }
    }

    /// <summary>The next message; null: the stream was finished, which is answered.</summary>
    public async Task<DnstapFrame?> NextAsync(CancellationToken token)
    {
        var (control, octets) = await ReadAsync(token);
        if (control is null)
        {
            return DnstapFrame.Decode(octets);
        }

        if (control != 3)
        {
            throw new InvalidDataException($"control frame {control}");
        }

        await WriteControlAsync(5, [], token);
        return null;
    }

    public void Dispose() => stream.Dispose();

    private static Socket Create(EndPoint endpoint) => endpoint is UnixDomainSocketEndPoint
        ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        : new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private static byte[] ContentTypeField()
    {
        var type = Encoding.ASCII.GetBytes("protobuf:dnstap.Dnstap");
        return [0, 0, 0, 1, 0, 0, 0, (byte)type.Length, .. type];
    }

    private async Task WriteControlAsync(byte type, byte[] fields, CancellationToken token) =>
        await stream.WriteAsync((byte[])[0, 0, 0, 0, 0, 0, 0, (byte)(4 + fields.Length), 0, 0, 0, type, .. fields], token);

    private async Task<(uint? Control, byte[] Octets)> ReadAsync(CancellationToken token)
    {
        var length = await ReadNumberAsync(token);
        if (length > 0)
        {
            var data = new byte[length];
            await stream.ReadExactlyAsync(data, token);
            return (null, data);
        }

        var control = new byte[await ReadNumberAsync(token)];
        await stream.ReadExactlyAsync(control, token);
        return (BinaryPrimitives.ReadUInt32BigEndian(control), control);
    }

    private async Task<uint> ReadNumberAsync(CancellationToken token)
    {
        var octets = new byte[4];
        await stream.ReadExactlyAsync(octets, token);
        return BinaryPrimitives.ReadUInt32BigEndian(octets);
    }
}
