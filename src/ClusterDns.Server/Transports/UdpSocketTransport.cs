using System.Buffers;
using System.Net;
using System.Net.Sockets;
using ClusterDns.Core.Pipeline;
using ClusterDns.Server.Reloading;
using ClusterDns.Server.Transports.Proxying;

namespace ClusterDns.Server.Transports;

/// <summary>
/// UDP by <see cref="Socket"/> alone: serves wherever .NET runs. One thread receives, answers and sends. On a wildcard
/// address the system chooses the address that answers leave from: .NET can tell which one was asked, but sends from it only
/// by a socket bound to it, which would take the datagrams away from this one. <c>bind</c> avoids it.
/// </summary>
internal sealed class UdpSocketTransport : ITransport
{
    private readonly Socket _socket;
    private readonly ServerServices _services;
    private readonly TransportLimits _limits;
    private readonly QueryFaults _faults;
    private readonly ProxiedDatagrams _proxied;
    private readonly SocketEndpoint _local;
    private readonly byte[] _output = new byte[UdpMessages.MaxResponse];
    private readonly ResponseWriter _writer = new();
    private readonly InFlightCount _inFlight = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ListenGroup _group;
    private volatile bool _stopping;
    private bool _started;
    private long _lastQuery;

    private UdpSocketTransport(Socket socket, ListenGroup group, ServerServices services, TransportLimits limits)
    {
        _socket = socket;
        _group = group;
        _services = services;
        _limits = limits;
        _faults = new QueryFaults(services);
        _proxied = new ProxiedDatagrams(services);
        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!; // it is bound
        _local = AddressCodec.Read(LocalEndPoint.Serialize());
    }

    public ListenAddress Address => _group.Address;

    public IPEndPoint LocalEndPoint { get; }

    public long LastQuery => Volatile.Read(ref _lastQuery);

    /// <exception cref="ListenException">The address cannot be listened on.</exception>
    public static UdpSocketTransport Bind(ListenGroup group, int port, ServerServices services, TransportLimits limits) =>
        new(BoundSocket.Bind(group.Address, port, SocketType.Dgram), group, services, limits);

    public void Start()
    {
        _started = true;
        new Thread(Receive) { IsBackground = true, Name = $"udp {Address.Label}" }.Start();
    }

    public bool TrySwap(ListenGroup group)
    {
        _group = group;
        return true;
    }

    public async ValueTask StopAsync(TimeSpan drain)
    {
        if (_stopping)
        {
            return;
        }

        _stopping = true;
        UdpMessages.StopReceiving(_socket);
        if (_started)
        {
            await _inFlight.WaitForNoneAsync(drain, _services.Time);
        }

        _socket.Dispose();
        if (_started)
        {
            await _ended.Task;
        }
    }

    public ValueTask DisposeAsync() => StopAsync(TimeSpan.Zero);

    private void Receive()
    {
        var from = new SocketAddress(_socket.AddressFamily);
        var query = _services.Queries.Rent();
        while (!_stopping)
        {
            int length;
            try
            {
                var buffer = query.GetMessageBuffer(UdpMessages.MaxRequest + 1).AsSpan(0, UdpMessages.MaxRequest + 1);
                length = _socket.ReceiveFrom(buffer, SocketFlags.None, from);
            }
            catch (SocketException exception)
            {
                // Too long for the buffer: what fits is there (Windows says so; others say nothing, hence the octet more).
                // Anything else concerns an earlier answer, or the end.
                if (exception.SocketErrorCode is not SocketError.MessageSize)
                {
                    continue;
                }

                length = UdpMessages.MaxRequest + 1;
            }
            catch (ObjectDisposedException)
            {
                break;
            }

            try
            {
                query = Answer(query, length, from);
            }
            catch (Exception fault) when (QueryFaults.AreCaught(query))
            {
                _faults.Record(query, fault);
            }
        }

        _services.Queries.Return(query);
        _ended.SetResult();
    }

    /// <returns>The context to receive the next request into: another one while this one waits for something.</returns>
    private QueryContext Answer(QueryContext query, int length, SocketAddress from)
    {
        var group = _group;
        query.StartTimestamp = _services.Time.GetTimestamp();
        Volatile.Write(ref _lastQuery, query.StartTimestamp);
        if (!UdpMessages.TryBegin(query, length, AddressCodec.Read(from), _local, group, _proxied, out var isQuery))
        {
            return query;
        }

        if (isQuery)
        {
            if (!_limits.Admit(query))
            {
                return query;
            }

            var running = group.Router.HandleAsync(query);
            if (!running.IsCompletedSuccessfully)
            {
                FinishAsync(running, query, Copy(from));
                return _services.Queries.Rent();
            }
        }

        Send(query, _output, _writer, from);
        return query;
    }

    // Nobody waits for it: what is not caught here ends the process.
    private async void FinishAsync(ValueTask running, QueryContext query, SocketAddress client)
    {
        _inFlight.Enter();
        var place = _limits.EnterQuery(query);
        var output = ArrayPool<byte>.Shared.Rent(UdpMessages.MaxResponse);
        try
        {
            await running;
            Send(query, output, ResponseWriter.ForThread, client);
        }
        catch (Exception fault) when (QueryFaults.AreCaught(query))
        {
            _faults.Record(query, fault);
        }

        ArrayPool<byte>.Shared.Return(output);
        _services.Queries.Return(query);
        _limits.LeaveQuery(place);
        _inFlight.Leave();
    }

    private void Send(QueryContext query, byte[] output, ResponseWriter writer, SocketAddress client)
    {
        if (query.Response.State is not ResponseState.Answered)
        {
            return;
        }

        var length = writer.Write(query, output);
        try
        {
            _socket.SendTo(output.AsSpan(0, length), SocketFlags.None, client);
        }
        catch (SocketException)
        {
            // The client is gone or its network is: it will ask again.
        }
        catch (ObjectDisposedException)
        {
        }
    }

    private static SocketAddress Copy(SocketAddress address)
    {
        var copy = new SocketAddress(address.Family, address.Size);
        address.Buffer.Span[..address.Size].CopyTo(copy.Buffer.Span);
        return copy;
    }
}
