using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace ClusterDns.Faults.Running;

/// <summary>Asks one question on a TLS connection of its own (RFC 7858).</summary>
/// <param name="port">Where on 127.0.0.1.</param>
internal sealed class TlsClient(int port)
{
    public async Task<byte[]> AskAsync(byte[] query, CancellationToken limit)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, limit);
        await using var stream = new SslStream(client.GetStream());
        await stream.AuthenticateAsClientAsync(TestTls.Options(), limit);
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)query.Length);
        await stream.WriteAsync((byte[])[.. length, .. query], limit);
        await stream.ReadExactlyAsync(length, limit);
        var reply = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(reply, limit);
        return reply;
    }
}
