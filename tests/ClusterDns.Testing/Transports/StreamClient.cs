using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using ClusterDns.Testing.Wire;

namespace ClusterDns.Testing.Transports;

/// <summary>A client of DNS over TCP or TLS that sends and reads as a test likes.</summary>
internal sealed class StreamClient : IDisposable
{
    private readonly Stream _stream;

    private StreamClient(Stream stream) => _stream = stream;

    public SslStream Encrypted => (SslStream)_stream;

    public static async Task<StreamClient> ConnectAsync(IPEndPoint server, CancellationToken token)
    {
        var address = server.Address.Equals(IPAddress.IPv6Any) ? IPAddress.Loopback : server.Address;
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address, server.Port, token);
        return new StreamClient(new NetworkStream(socket, ownsSocket: true));
    }

    /// <param name="expected">The certificate that the server must show.</param>
    public static async Task<StreamClient> ConnectTlsAsync(IPEndPoint server, X509Certificate2 expected, CancellationToken token) =>
        await (await ConnectAsync(server, token)).EncryptAsync(expected, token);

    /// <summary>Begins TLS on this connection, which is the client's from then on.</summary>
    /// <param name="expected">The certificate that the server must show.</param>
    public async Task<StreamClient> EncryptAsync(X509Certificate2 expected, CancellationToken token)
    {
        var encrypted = new SslStream(_stream);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "test",
            ApplicationProtocols = [new SslApplicationProtocol("dot")],
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null && shown.Equals(expected),
        };
        await encrypted.AuthenticateAsClientAsync(options, token);
        return new StreamClient(encrypted);
    }

    public static byte[] Query(ushort id, string name, ushort type = 1)
    {
        var query = new WireMessage { Id = id, Bits = 0x0100 };
        query.Questions.Add(new WireQuestion(WireName.Parse(name), type, 1));
        return query.Encode();
    }

    /// <summary>Sends messages with their lengths in one write.</summary>
    public async Task SendAsync(CancellationToken token, params byte[][] messages)
    {
        var octets = new List<byte>();
        foreach (var message in messages)
        {
            octets.Add((byte)(message.Length >> 8));
            octets.Add((byte)message.Length);
            octets.AddRange(message);
        }

        await SendOctetsAsync(octets.ToArray(), token);
    }

    public async Task SendOctetsAsync(byte[] octets, CancellationToken token) => await _stream.WriteAsync(octets, token);

    /// <summary>Says that nothing more will be sent; receiving goes on.</summary>
    public async Task EndAsync()
    {
        if (_stream is SslStream encrypted)
        {
            await encrypted.ShutdownAsync();
        }
        else
        {
            ((NetworkStream)_stream).Socket.Shutdown(SocketShutdown.Send);
        }
    }

    /// <summary>The next message; null: the server has closed or reset the connection.</summary>
    public async Task<WireMessage?> ReceiveAsync(CancellationToken token)
    {
        try
        {
            var prefix = new byte[2];
            await _stream.ReadExactlyAsync(prefix, token);
            var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(prefix)];
            await _stream.ReadExactlyAsync(message, token);
            return WireMessage.Decode(message);
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Dispose() => _stream.Dispose();
}
