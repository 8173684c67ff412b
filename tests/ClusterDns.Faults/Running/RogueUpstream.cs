using System.Net;
using System.Net.Sockets;
using ClusterDns.Testing.Processes;
using ClusterDns.Testing.Wire;

namespace ClusterDns.Faults.Running;

/// <summary>An upstream on 127.0.0.1, UDP alone, that does with each query what a fault wants.</summary>
internal sealed class RogueUpstream : IAsyncDisposable
{
    private const ushort Response = 0x8180;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Socket _elsewhere = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<RogueUpstream, WireMessage, EndPoint, Task> _act;
    private readonly Task _serving;
    private int _queries;

    public RogueUpstream(Func<RogueUpstream, WireMessage, EndPoint, Task> act)
    {
        _act = act;
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        _elsewhere.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _serving = Task.Run(ServeAsync);
    }

    public int Port { get; } = FreePorts.Take();

    public int Queries => Volatile.Read(ref _queries);

    /// <summary>An answer with one address.</summary>
    public static WireMessage Answer(WireMessage query, string address)
    {
        var question = query.Questions[0];
        return new WireMessage
        {
            Id = query.Id,
            Bits = Response,
            Questions = [question],
            Answer = [new WireRecord(question.Name, Mnemonics.TypeValue("A"), Mnemonics.InternetClass, 60, IPAddress.Parse(address).GetAddressBytes())],
        };
    }

    public Task SendAsync(WireMessage reply, EndPoint client) => SendAsync(reply.Encode(), client);

    public async Task SendAsync(byte[] reply, EndPoint client) => await _socket.SendToAsync(reply, client);

    /// <summary>Sends from a port that nobody asked.</summary>
    public async Task SendFromElsewhereAsync(WireMessage reply, EndPoint client) => await _elsewhere.SendToAsync(reply.Encode(), client);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _socket.Dispose();
        _elsewhere.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        var buffer = new byte[4096];
        while (true)
        {
            try
            {
                var received = await _socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
                Interlocked.Increment(ref _queries);
                _ = ActAsync(WireMessage.Decode(buffer[..received.ReceivedBytes]), received.RemoteEndPoint);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // The asker's port is closed already: the next query is another's.
            }
        }
    }

    private async Task ActAsync(WireMessage query, EndPoint client)
    {
        try
        {
            await _act(this, query, client);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The end of the fault, or the asker's port is closed.
        }
    }
}
