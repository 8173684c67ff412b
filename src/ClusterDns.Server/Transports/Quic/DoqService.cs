using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;
using ClusterDns.Plugins.Quic;
using ClusterDns.Plugins.Timeouts;
using ClusterDns.Server.Reloading;

namespace ClusterDns.Server.Transports.Quic;

/// <summary>
/// DNS over QUIC (RFC 9250) above whatever carries the streams: how many connections, streams and queries there may be at
/// once, and what becomes of those beyond.
/// </summary>
internal sealed class DoqService : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly List<DoqConnection> _connections = [];
    private readonly PerListener<DoqMetrics> _metrics;
    private readonly int _maxConnections;
    private volatile ListenGroup _group;
    private volatile QuicOptions _options;
    private volatile TimeoutsOptions _timeouts;
    private volatile SemaphoreSlim _workers;
    private long _lastQuery;

    public DoqService(
        ListenGroup group, TransportOptions options, ServerServices services, TransportLimits limits, int maxConnections = QuicOptions.MaxConnections)
    {
        _maxConnections = maxConnections;
        _group = group;
        _options = options.Quic;
        _timeouts = options.Timeouts;
        _workers = new SemaphoreSlim(options.Quic.WorkerPoolSize);
        Services = services;
        Limits = limits;
        Faults = new QueryFaults(services);
        RefusedStreams = CeilingCounter.Of(services.Metrics, "quic_streams");
        var responses = services.Metrics.Counter(
            "coredns_dns_quic_responses_total", "Counter of DoQ responses per server and QUIC application code.", "server", "status");
        _metrics = new PerListener<DoqMetrics>(listener => new DoqMetrics(responses, listener.Label));
    }

    public ServerServices Services { get; }

    public TransportLimits Limits { get; }

    public QueryFaults Faults { get; }

    /// <summary>Streams beyond those a connection may have.</summary>
    public Counter RefusedStreams { get; }

    public ListenGroup Group => _group;

    public QuicOptions Options => _options;

    public TimeoutsOptions Timeouts => _timeouts;

    /// <summary>A place for each query that is worked on: take one, give it back to the same one.</summary>
    public SemaphoreSlim Workers => _workers;

    public int Connections
    {
        get
        {
            lock (_gate)
            {
                return _connections.Count;
            }
        }
    }

    /// <summary>True while no client waits for anything.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return _connections.TrueForAll(static connection => connection.IsIdle);
            }
        }
    }

    /// <summary>Timestamp of the last query; 0 before any.</summary>
    public long LastQuery => Volatile.Read(ref _lastQuery);

    /// <summary>Cancelled when nothing more is read.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Answers by another group of the same address, and by its limits, from the next query on.</summary>
    public void Swap(ListenGroup group, TransportOptions options)
    {
        if (options.Quic.WorkerPoolSize != _options.WorkerPoolSize)
        {
            _workers = new SemaphoreSlim(options.Quic.WorkerPoolSize);
        }

        _options = options.Quic;
        _timeouts = options.Timeouts;
        _group = group;
    }

    /// <summary>
    /// Serves a connection until it ends, and disposes of it. At the ceiling the connection that has been idle for longest is closed for
    /// it; where none is idle one of a client that has more of them; else it is closed itself (RFC 9250 §5.5.1 lets a server do so).
    /// </summary>
    public async Task ServeAsync(IQuicSession session)
    {
        await using (session)
        {
            var connection = new DoqConnection(this, session);
            if (!await TryAddAsync(connection))
            {
                Limits.ClosedAtOnce.Increment();
                await session.CloseAsync(DoqError.ExcessiveLoad);
                return;
            }

            try
            {
                await connection.RunAsync();
            }
            finally
            {
                Remove(connection);
            }
        }
    }

    /// <summary>Reads nothing more; queries in flight have <paramref name="drain"/> to end.</summary>
    public async Task StopAsync(TimeSpan drain)
    {
        await _stop.CancelAsync();
        DoqConnection[] connections;
        lock (_gate)
        {
            connections = [.. _connections];
        }

        var all = Task.WhenAll(connections.Select(static connection => connection.Ended));
        if (await Task.WhenAny(all, Task.Delay(drain, Services.Time)) != all)
        {
            await Task.WhenAll(connections.Select(static connection => connection.CloseAsync(DoqError.None).AsTask()));
        }
    }

    public void Dispose() => _stop.Dispose();

    internal void Touch() => Volatile.Write(ref _lastQuery, Services.Time.GetTimestamp());

    internal void Count(long error) => _metrics.For(_group.Identity).Count(error);

    private async ValueTask<bool> TryAddAsync(DoqConnection connection)
    {
        DoqConnection? closed = null;
        lock (_gate)
        {
            if (_connections.Count >= _maxConnections)
            {
                closed = _connections.Where(static other => other.IsIdle).MinBy(static other => other.LastActivity)
                    ?? FindOfHeavier(connection.Client.Address.ClientNetwork);
                if (closed is null)
                {
                    return false;
                }

                _connections.Remove(closed);
            }

            _connections.Add(connection);
        }

        if (closed is not null)
        {
            Limits.ClosedForAnother.Increment();
            await closed.CloseAsync(DoqError.ExcessiveLoad);
        }

        return true;
    }

    // Of the client with most connections the one without a new stream for longest; null where this client has as many.
    private DoqConnection? FindOfHeavier(IPAddressValue client)
    {
        var clients = _connections.ToLookup(static connection => connection.Client.Address.ClientNetwork);
        var heaviest = clients.MaxBy(static connections => connections.Count());
        return heaviest is not null && heaviest.Count() > clients[client].Count()
            ? heaviest.MinBy(static connection => connection.LastActivity)
            : null;
    }

    private void Remove(DoqConnection connection)
    {
        lock (_gate)
        {
            _connections.Remove(connection);
        }
    }
}
