using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace ClusterDns.Testing.Upstream;

/// <summary>A scripted upstream and primary on 127.0.0.1, UDP and TCP: answers from zones, and does what the labels of
/// names under <c>act.test.</c> tell it (see <see cref="ActScript"/>).</summary>
public sealed class UpstreamDouble : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _udp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly TcpListener _tcp;
    private readonly UpstreamAnswers _answers;
    private readonly Task[] _loops;

    private UpstreamDouble(int port, string id, IEnumerable<ZoneContents> zones)
    {
        Port = port;
        _answers = new UpstreamAnswers(id, zones);
        _udp.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _tcp = new TcpListener(IPAddress.Loopback, port);
        _tcp.Start();
        _loops = [Task.Run(ServeUdpAsync), Task.Run(ServeTcpAsync)];
    }

    public int Port { get; }

    /// <param name="port">Where to serve.</param>
    /// <param name="id">What the TXT of <c>id.act.test.</c> says.</param>
    /// <param name="zones">Zones to answer with authority; under another zone's names the answer is REFUSED.</param>
    public static UpstreamDouble Start(int port, string id = "A", params IEnumerable<ZoneContents> zones) =>
        new(port, id, zones);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_loops);
        _udp.Dispose();
        _tcp.Dispose();
        _stop.Dispose();
    }

    private async Task ServeUdpAsync()
    {
        byte[] buffer = new byte[ushort.MaxValue];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                SocketReceiveFromResult received = await _udp.ReceiveFromAsync(
                    buffer, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
                byte[] query = buffer.AsSpan(0, received.ReceivedBytes).ToArray();
                _ = AnswerUdpAsync(query, received.RemoteEndPoint);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // A client that has gone already: its ICMP error belongs to no datagram of ours.
            }
        }
    }

    private async Task AnswerUdpAsync(byte[] query, EndPoint client)
    {
        try
        {
            foreach (byte[] reply in await _answers.AnswerAsync(query, overTcp: false, _stop.Token))
            {
                if (reply.Length > 0)
                {
                    await _udp.SendToAsync(reply, client, _stop.Token);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The double or its client is gone.
        }
    }

    private async Task ServeTcpAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeConnectionAsync(await _tcp.AcceptSocketAsync(_stop.Token));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The end of the double.
        }
    }

    private async Task ServeConnectionAsync(Socket socket)
    {
        await using NetworkStream stream = new(socket, ownsSocket: true);
        using SemaphoreSlim writing = new(1);
        try
        {
            byte[] length = new byte[2];
            while (true)
            {
                await stream.ReadExactlyAsync(length, _stop.Token);
                byte[] query = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                await stream.ReadExactlyAsync(query, _stop.Token);
                _ = AnswerTcpAsync(query, stream, writing);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The client or the double ended the connection.
        }
    }

    private async Task AnswerTcpAsync(byte[] query, NetworkStream stream, SemaphoreSlim writing)
    {
        try
        {
            foreach (byte[] reply in await _answers.AnswerAsync(query, overTcp: true, _stop.Token))
            {
                if (reply.Length == 0)
                {
                    stream.Close();
                    return;
                }

                await writing.WaitAsync(_stop.Token);
                await stream.WriteAsync((byte[])[(byte)(reply.Length >> 8), (byte)reply.Length, .. reply], _stop.Token);
                writing.Release();
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The client or the double ended the connection.
        }
    }
}
