using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using ClusterDns.Testing;
using ClusterDns.Testing.Processes;
using ClusterDns.Testing.Wire;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Forward;

/// <summary>An upstream on 127.0.0.1, UDP and TCP, whose every reply the test itself writes, when and how it likes.</summary>
internal sealed class ScriptedUpstream : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<UpstreamQuery> _queries = Channel.CreateUnbounded<UpstreamQuery>();
    private readonly Socket _udp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly TcpListener _tcp;

    public ScriptedUpstream()
    {
        Port = FreePorts.Take();
        _udp.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        _tcp = new TcpListener(IPAddress.Loopback, Port);
        _tcp.Start();
        _ = ServeUdpAsync();
        _ = ServeTcpAsync();
    }

    public int Port { get; }

    /// <summary>How many TCP connections were made.</summary>
    public int Connections { get; private set; }

    /// <summary>The next query that arrives, whichever way.</summary>
    public async Task<UpstreamQuery> NextAsync() =>
        await _queries.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience.Limit);

    /// <summary>True where a query has arrived that no <see cref="NextAsync"/> took.</summary>
    public bool HasMore => _queries.Reader.TryPeek(out _);

    /// <summary>From here on every query that arrives is answered by <paramref name="reply"/> at once; null: not at all.</summary>
    public void Answer(Func<UpstreamQuery, byte[]?> reply) => _ = AnswerAsync(reply);

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync();
        _udp.Dispose();
        _tcp.Dispose();
    }

    private async Task AnswerAsync(Func<UpstreamQuery, byte[]?> reply)
    {
        await foreach (var query in _queries.Reader.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            if (reply(query) is { } octets)
            {
                await query.ReplyAsync(octets);
            }
        }
    }

    private async Task ServeUdpAsync()
    {
        var buffer = new byte[ushort.MaxValue];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var received = await _udp.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
                var client = (IPEndPoint)received.RemoteEndPoint;
                var message = WireMessage.Decode(buffer[..received.ReceivedBytes]);
                _queries.Writer.TryWrite(new UpstreamQuery(
                    message,
                    client,
                    OverTcp: false,
                    async reply => await _udp.SendToAsync(reply, client),
                    async octets => await _udp.SendToAsync(octets, client),
                    static () => { }));
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // The client's socket is gone: nothing to do with the next query.
            }
        }
    }

    private async Task ServeTcpAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _tcp.AcceptSocketAsync(_stop.Token);
                Connections++;
                _ = ServeAsync(socket);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The end of the test.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            var length = new byte[2];
            while (true)
            {
                await stream.ReadExactlyAsync(length, _stop.Token);
                var octets = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                await stream.ReadExactlyAsync(octets, _stop.Token);
                _queries.Writer.TryWrite(new UpstreamQuery(
                    WireMessage.Decode(octets),
                    (IPEndPoint)socket.RemoteEndPoint!, // Connected sockets have one.
                    OverTcp: true,
                    async reply => await stream.WriteAsync((byte[])[(byte)(reply.Length >> 8), (byte)reply.Length, .. reply]),
                    async part => await stream.WriteAsync(part),
                    stream.Close));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or IOException)
        {
            // The test or the forwarder closed the connection.
        }
    }
}
