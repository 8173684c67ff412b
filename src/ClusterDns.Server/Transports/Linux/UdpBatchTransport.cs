using System.Net;
using System.Net.Sockets;
using ClusterDns.Core.Pipeline;
using ClusterDns.Server.Reloading;
using ClusterDns.Server.Transports.Proxying;

namespace ClusterDns.Server.Transports.Linux;

/// <summary>UDP on Linux: workers that share an address, each with a thread, a socket and batches of its own.</summary>
internal sealed class UdpBatchTransport : ITransport
{
    // What a datagram takes at most from the kernel's choice of a socket into that socket; the kernel's time, not a test's.
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(20);

    private readonly List<UdpWorker> _workers = [];
    private readonly TimeProvider _time;
    private readonly InFlightCount _inFlight = new();
    private volatile ListenGroup _group;
    private volatile bool _abandoned;
    private bool _started;
    private bool _stopped;

    private UdpBatchTransport(ListenGroup group, ServerServices services, TransportLimits limits)
    {
        _group = group;
        _time = services.Time;
        Limits = limits;
        Proxied = new ProxiedDatagrams(services);
    }

    public ListenAddress Address => _group.Address;

    public IPEndPoint LocalEndPoint => _workers[0].LocalEndPoint;

    public long LastQuery => _workers.Max(static worker => worker.LastQuery);

    /// <summary>What answers now: read it once for each batch.</summary>
    public ListenGroup Group => _group;

    public TransportLimits Limits { get; }

    /// <summary>Takes PROXY headers off, where the group says so.</summary>
    public ProxiedDatagrams Proxied { get; }

    /// <summary>Set when workers are to leave once their sockets are empty.</summary>
    public ManualResetEventSlim Stopping { get; } = new();

    public bool IsStopping => Stopping.IsSet;

    /// <summary>Workers leave even if their sockets have more.</summary>
    public bool IsAbandoned => _abandoned;

    public IReadOnlyList<UdpWorker> Workers => _workers;

    /// <exception cref="ListenException">The address cannot be listened on.</exception>
    public static UdpBatchTransport Bind(ListenGroup group, int port, ServerServices services, TransportLimits limits)
    {
        var transport = new UdpBatchTransport(group, services, limits);
        try
        {
            var count = TransportOptions.From(group.Blocks).Sockets;
            for (var index = 0; index < count; index++)
            {
                var socket = BoundSocket.Bind(group.Address, port, SocketType.Dgram);
                transport._workers.Add(new UdpWorker(transport, socket, index, services));
                port = transport.LocalEndPoint.Port;
            }

            return transport;
        }
        catch
        {
            transport.DisposeWorkers();
            throw;
        }
    }

    public void Start()
    {
        _started = true;
        foreach (var worker in _workers)
        {
            worker.Start();
        }
    }

    public bool TrySwap(ListenGroup group)
    {
        if (TransportOptions.From(group.Blocks).Sockets != _workers.Count)
        {
            return false;
        }

        _group = group;
        return true;
    }

    /// <summary>A query begins to wait.</summary>
    /// <returns>What <see cref="Leave"/> wants back.</returns>
    public int Enter(QueryContext query)
    {
        _inFlight.Enter();
        return Limits.EnterQuery(query);
    }

    public void Leave(int place)
    {
        Limits.LeaveQuery(place);
        _inFlight.Leave();
    }

    public async ValueTask StopAsync(TimeSpan drain)
    {
        if (Interlocked.Exchange(ref _stopped, true))
        {
            return;
        }

        _workers.ForEach(static worker => worker.Divert());
        if (_started && drain > TimeSpan.Zero)
        {
            await Task.Delay(Settling);
        }

        Stopping.Set();
        if (_started)
        {
            _workers.ForEach(static worker => worker.StopReceiving());
            var ended = Task.WhenAll(_workers.Select(static worker => worker.Ended));
            var begun = _time.GetTimestamp();
            await Task.WhenAny(ended, Task.Delay(drain, _time));
            _abandoned = true;
            await ended;
            await _inFlight.WaitForNoneAsync(Max(drain - _time.GetElapsedTime(begun), TimeSpan.Zero), _time);
        }

        DisposeWorkers();
    }

    public ValueTask DisposeAsync() => StopAsync(TimeSpan.Zero);

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;

    private void DisposeWorkers() => _workers.ForEach(static worker => worker.Dispose());
}
