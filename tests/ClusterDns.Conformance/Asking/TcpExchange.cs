using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace ClusterDns.Conformance.Asking;

/// <summary>A connection that carries messages with their length before them (RFC 1035 §4.2.2), over TLS on request.</summary>
internal sealed class TcpExchange(Stream stream) : IAsyncDisposable
{
    private const string TlsName = "dns.test";

    [SuppressMessage("Security", "CA5359", Justification = "The recordings' certificates are signed by nobody.")]
    public static async Task<TcpExchange> ConnectAsync(
        IPEndPoint server, IPAddress? source, bool tls, CancellationToken timeout)
    {
        Socket socket = new(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (source is not null)
        {
            socket.Bind(new IPEndPoint(source, 0));
        }

        try
        {
            await socket.ConnectAsync(server, timeout);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        NetworkStream plain = new(socket, ownsSocket: true);
        if (!tls)
        {
            return new TcpExchange(plain);
        }

        SslStream secured = new(plain);
        SslClientAuthenticationOptions options = new()
        {
            TargetHost = TlsName,
            RemoteCertificateValidationCallback = static (_, _, _, _) => true,
        };
        await secured.AuthenticateAsClientAsync(options, timeout);
        return new TcpExchange(secured);
    }

    public async Task SendAsync(byte[] message, CancellationToken timeout) =>
        await stream.WriteAsync((byte[])[(byte)(message.Length >> 8), (byte)message.Length, .. message], timeout);

    public async Task WriteAsync(byte[] octets, CancellationToken timeout) => await stream.WriteAsync(octets, timeout);

    public void ShutDownSending() => ((NetworkStream)stream).Socket.Shutdown(SocketShutdown.Send);

    public async Task<byte[]> ReceiveAsync(CancellationToken timeout)
    {
        byte[] length = new byte[2];
        await stream.ReadExactlyAsync(length, timeout);
        byte[] message = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(message, timeout);
        return message;
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
