using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Server.Reloading;

namespace ClusterDns.Server.Transports.Streams;

/// <summary>DNS over TCP (RFC 7766), and over TLS (RFC 7858) where the address asks for it and has a certificate.</summary>
internal sealed class StreamTransport : ITransport
{
    private const int Backlog = 1024;

    private static readonly TimeSpan SweepInterval = TimeSpan.FromMilliseconds(500);
    // How long a client that has connected may take to ask, at the end.
    private static readonly TimeSpan Courtesy = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan ErrorPause = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly ServerServices _services;
    private readonly Lock _gate = new();
    private readonly HashSet<StreamConnection> _connections = [];
    private readonly ITimer _sweep;
    private volatile ListenGroup _group;
    private volatile TransportOptions _options;
    private volatile Lazy<SslServerAuthenticationOptions>? _tls;
    private readonly CancellationTokenSource _noMore = new();
    private long _lastQuery;
    private volatile bool _stopping;
    private bool _started;
    private Task _accepting = Task.CompletedTask;

    private StreamTransport(Socket socket, ListenGroup group, ServerServices services, TransportLimits limits)
    {
        _socket = socket;
        _services = services;
        Limits = limits;
        Faults = new QueryFaults(services);
        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!; // it is bound
        _group = group;
        _options = TransportOptions.From(group.Blocks);
        _tls = TlsOf(group, _options);
        _sweep = services.Time.CreateTimer(static self => ((StreamTransport)self!).Sweep(), this, Timeout.InfiniteTimeSpan, SweepInterval);
    }

    public ListenAddress Address => _group.Address;

    public IPEndPoint LocalEndPoint { get; }

    public long LastQuery
    {
        get
        {
            lock (_gate)
            {
                return _connections.Aggregate(_lastQuery, static (last, connection) => Math.Max(last, connection.LastQuery));
            }
        }
    }

    public ListenGroup Group => _group;

    public TransportOptions Options => _options;

    public TransportLimits Limits { get; }

    public QueryFaults Faults { get; }

    /// <summary>What the next connections shake hands by; null: they are not encrypted.</summary>
    public SslServerAuthenticationOptions? TlsOptions => _tls?.Value;

    public TransportProtocol Protocol => Address.Scheme is TransportScheme.Tls ? TransportProtocol.Tls : TransportProtocol.Tcp;

    /// <exception cref="ListenException">The address cannot be listened on.</exception>
    public static StreamTransport Bind(ListenGroup group, int port, ServerServices services, TransportLimits limits) =>
        new(BoundSocket.Listen(group.Address, port, Backlog), group, services, limits);

    public void Start()
    {
        _started = true;
        _accepting = AcceptAsync();
        ServerTls.Warm(_tls);
    }

    public bool TrySwap(ListenGroup group)
    {
        var options = TransportOptions.From(group.Blocks);
        _tls = TlsOf(group, options);
        _options = options;
        _group = group;
        ServerTls.Warm(_tls);
        return true;
    }

    /// <summary>A connection has ended.</summary>
    public void Remove(StreamConnection connection)
    {
        Limits.Connections.Remove(connection);
        lock (_gate)
        {
            _connections.Remove(connection);
            _lastQuery = Math.Max(_lastQuery, connection.LastQuery);
            if (_connections.Count == 0 && !_stopping)
            {
                _sweep.Change(Timeout.InfiniteTimeSpan, SweepInterval);
            }
        }
    }

    public async ValueTask StopAsync(TimeSpan drain)
    {
        if (_stopping)
        {
            return;
        }

        _stopping = true;
        await _noMore.CancelAsync();
        await _accepting;
        if (_started)
        {
            AcceptWaiting();
        }

        _socket.Dispose();
        StreamConnection[] connections = [.. Snapshot()];
        Array.ForEach(connections, static connection => connection.Drain());
        var ended = Task.WhenAll(connections.Select(static connection => connection.Ended));
        var courtesy = drain < Courtesy ? drain : Courtesy;
        if (await Task.WhenAny(ended, Task.Delay(courtesy, _services.Time)) != ended)
        {
            Array.ForEach(connections, static connection => connection.EndReading());
            await Task.WhenAny(ended, Task.Delay(drain - courtesy, _services.Time));
        }

        Array.ForEach(connections, static connection => connection.Abort());
        await _sweep.DisposeAsync();
        _noMore.Dispose();
    }

    public ValueTask DisposeAsync() => StopAsync(TimeSpan.Zero);

    private static Lazy<SslServerAuthenticationOptions>? TlsOf(ListenGroup group, TransportOptions options) =>
        group.Address.Scheme is TransportScheme.Tls && options.Tls is { } tls
            ? ServerTls.Create(tls, ServerTls.DnsOverTls)
            : null;

    private async Task AcceptAsync()
    {
        await Task.Yield();
        while (!_stopping)
        {
            try
            {
                Add(await _socket.AcceptAsync(_noMore.Token));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException exception)
            {
                // A client that gave up already, or no descriptors: those that are there go on.
                if (exception.SocketErrorCode is not (SocketError.ConnectionAborted or SocketError.ConnectionReset) && !_stopping)
                {
                    await Task.Delay(ErrorPause, _services.Time);
                }
            }
        }
    }

    // Clients whose handshake is done have sent queries already, for all they know; closing now would reset them.
    private void AcceptWaiting()
    {
        try
        {
            while (_socket.Poll(0, SelectMode.SelectRead))
            {
                Add(_socket.Accept());
            }
        }
        catch (SocketException)
        {
            // That client gave up; whoever came behind it asks again.
        }
    }

    private void Add(Socket socket)
    {
        StreamConnection connection;
        try
        {
            socket.NoDelay = true;
            connection = new StreamConnection(this, socket, _services);
        }
        catch (SocketException)
        {
            socket.Dispose();
            return;
        }

        if (!Limits.Connections.TryAdd(connection))
        {
            connection.Refuse();
            return;
        }

        lock (_gate)
        {
            _connections.Add(connection);
            if (_connections.Count == 1)
            {
                _sweep.Change(SweepInterval, SweepInterval);
            }
        }

        ThreadPool.UnsafeQueueUserWorkItem(connection, preferLocal: false);
    }

    private void Sweep()
    {
        var now = _services.Time.GetTimestamp();
        foreach (var connection in Snapshot())
        {
            var isStuck = connection.IsStuck;
            if ((isStuck || connection.IsOverdue(now)) && connection.Abort(discards: isStuck))
            {
                Limits.ClosedTimedOut.Increment();
            }
        }
    }

    private StreamConnection[] Snapshot()
    {
        lock (_gate)
        {
            return [.. _connections];
        }
    }
}
