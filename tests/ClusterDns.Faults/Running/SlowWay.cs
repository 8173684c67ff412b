using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace ClusterDns.Faults.Running;

/// <summary>A way of having a connection and making no use of it: some octets at once, and then one every half second, or none.</summary>
/// <param name="Port">Where on 127.0.0.1.</param>
/// <param name="Opening">Sent at once.</param>
/// <param name="Drip">Sent octet by octet, the last one for ever; empty: nothing more is sent.</param>
/// <param name="Protocol">What TLS agrees on before that; null: no TLS.</param>
internal sealed record SlowWay(int Port, byte[] Opening, byte[] Drip, SslApplicationProtocol? Protocol = null)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Returns when the server has closed the connection.</summary>
    /// <param name="from">The client's address.</param>
    public async Task RunAsync(IPAddress from, CancellationToken stop)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Bind(new IPEndPoint(from, 0));
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, Port), stop);
            await using var stream = await OpenAsync(socket, stop);
            await stream.WriteAsync(Opening, stop);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var dripping = DripAsync(stream, ended.Token);
            var unread = new byte[1024];
            try
            {
                while (await stream.ReadAsync(unread, stop) > 0)
                {
                }
            }
            finally
            {
                await ended.CancelAsync();
                await dripping;
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException && !stop.IsCancellationRequested)
        {
            // Reset: closed as well.
        }
    }

    private async Task DripAsync(Stream stream, CancellationToken ended)
    {
        try
        {
            for (var sent = 0; Drip.Length > 0; sent++)
            {
                await Task.Delay(Pause, ended);
                await stream.WriteAsync(Drip.AsMemory(Math.Min(sent, Drip.Length - 1), 1), ended);
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            // Who reads sees the end.
        }
    }

    private async Task<Stream> OpenAsync(Socket socket, CancellationToken stop)
    {
        var plain = new NetworkStream(socket, ownsSocket: true);
        if (Protocol is not { } protocol)
        {
            return plain;
        }

        var encrypted = new SslStream(plain);
        await encrypted.AuthenticateAsClientAsync(TestTls.Options(protocol), stop);
        return encrypted;
    }
}
