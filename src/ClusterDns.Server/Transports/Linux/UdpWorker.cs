using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ClusterDns.Core.Pipeline;
using ClusterDns.Plugins.Shed;

namespace ClusterDns.Server.Transports.Linux;

/// <summary>
/// One thread with one socket: takes the datagrams that are there in one call, answers them, sends the answers in one call.
/// What waits for something leaves the batch and is sent alone when it is done.
/// </summary>
internal sealed class UdpWorker : IDisposable
{
    // Batches that are taken from a socket before any is answered: more than its buffer holds.
    private const int MaxRounds = 64;

    // Full batches in a row after which it is looked how many datagrams the kernel has lost.
    private const int FullBatches = 64;

    private static readonly TimeSpan ErrorPause = TimeSpan.FromMilliseconds(10);

    private readonly UdpBatchTransport _transport;
    private readonly Socket _socket;
    private readonly int _descriptor;
    private readonly int _index;
    private readonly bool _isWildcard;
    private readonly SocketEndpoint _local;
    private readonly ServerServices _services;
    private readonly QueryFaults _faults;
    private readonly UdpBatch _batch;
    private readonly ResponseWriter _writer = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ShedMetrics _shed;
    private FairBacklog? _backlog;
    private byte[]? _largeAnswer;

    // Queries of this socket that wait for something, mostly an upstream.
    private int _waiting;
    private long _lastQuery;
    private int _fullBatches;
    private uint _drops;

    // The kernel had to drop some, of whomever; until the socket is empty again it is emptied before anything is answered.
    private bool _isOverrun;

    /// <param name="socket">Bound; the worker's from here on.</param>
    public UdpWorker(UdpBatchTransport transport, Socket socket, int index, ServerServices services)
    {
        _transport = transport;
        _socket = socket;
        _index = index;
        _services = services;
        _faults = new QueryFaults(services);
        _shed = new ShedMetrics(services.Metrics, transport.Group.Identity.Label);
        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!; // it is bound
        _local = AddressCodec.Read(LocalEndPoint.Serialize());
        _isWildcard = LocalEndPoint.Address.Equals(IPAddress.IPv6Any) || LocalEndPoint.Address.Equals(IPAddress.Any);
        if (_isWildcard)
        {
            LinuxSocket.EnablePacketInfo(socket);
        }

        LinuxSocket.IgnorePathMtu(socket);
        LinuxSocket.SetReceiveBuffer(socket, transport.Limits.SocketBuffer);
        socket.SendTimeout = 100;
        _batch = new UdpBatch(services.Queries, _isWildcard);

        // SAFETY: the descriptor is used by the worker's own thread alone, and the socket is closed after that has ended.
        _descriptor = (int)socket.SafeHandle.DangerousGetHandle();
    }

    public IPEndPoint LocalEndPoint { get; }

    /// <summary>Timestamp of the last batch that held something.</summary>
    public long LastQuery => Volatile.Read(ref _lastQuery);

    /// <summary>Done when the thread has left.</summary>
    public Task Ended => _ended.Task;

    public void Start() =>
        new Thread(Run) { IsBackground = true, Name = $"udp {_transport.Address.Label}/{_index}" }.Start();

    /// <summary>Leaves new datagrams to others that share the address.</summary>
    public void Divert() => UdpMessages.Divert(_socket);

    /// <summary>Makes <see cref="RunOnce"/> return at once when the socket has nothing more.</summary>
    public void StopReceiving() => UdpMessages.StopReceiving(_socket);

    /// <summary>Takes one batch, waiting for its first datagram. False: the socket has nothing more to give.</summary>
    public bool RunOnce()
    {
        var hasBacklog = _backlog is { Count: > 0 };
        var count = hasBacklog ? _batch.ReceiveNow(_descriptor) : _batch.Receive(_descriptor);
        if (count <= 0 && !hasBacklog)
        {
            return RecoverFrom(Marshal.GetLastPInvokeError());
        }

        CountDrops(count);
        var sheds = _transport.Group.Sheds;
        if (hasBacklog || ((sheds || _isOverrun) && count == UdpBatch.Size && !_transport.IsStopping))
        {
            count = KeepNewest(count);
        }
        else if (count < UdpBatch.Size)
        {
            _isOverrun = false;
        }

        var more = Process(count);
        var refused = _batch.Send(_descriptor, count);
        if (sheds)
        {
            _shed.Responses(refused, _index);
        }

        return more;
    }

    /// <summary>Only for a worker whose thread has ended or never began.</summary>
    public void Dispose()
    {
        while (_backlog is { Count: > 0 })
        {
            _services.Queries.Return(_backlog.Pop().Query);
        }

        _socket.Dispose();
        _batch.Dispose();
    }

    private void Run()
    {
        while (RunOnce() && !_transport.IsAbandoned)
        {
        }

        _ended.SetResult();
    }

    // Only where batches are full, and when they no longer are: a socket that is emptied has lost nothing.
    private void CountDrops(int count)
    {
        if (count == UdpBatch.Size && ++_fullBatches < FullBatches)
        {
            return;
        }

        if (_fullBatches > 0)
        {
            _fullBatches = 0;
            ReadDrops();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ReadDrops()
    {
        var drops = LinuxSocket.ReadDrops(_socket);
        if (drops != _drops)
        {
            _transport.Limits.DroppedBySocket.Add(unchecked(drops - _drops), _index);
            _drops = drops;
            _isOverrun = true;
        }
    }

    // Datagrams come faster than they are answered: empties the socket, and fills the batch with the newest of all that wait.
    private int KeepNewest(int count)
    {
        _backlog ??= new FairBacklog(ShedOptions.Capacity, _services.Random);
        for (var rounds = 1; count > 0; rounds++)
        {
            for (var slot = 0; slot < count; slot++)
            {
                Keep(slot, _backlog);
            }

            count = count == UdpBatch.Size && rounds < MaxRounds ? _batch.ReceiveNow(_descriptor) : 0;
        }

        var taken = Math.Min(_backlog.Count, UdpBatch.Size);
        for (var slot = 0; slot < taken; slot++)
        {
            _batch.Put(slot, _backlog.Pop());
        }

        return taken;
    }

    private void Keep(int slot, FairBacklog backlog)
    {
        var client = _batch.ClientAt(slot);
        var datagram = _batch.Take(slot);
        if (client.Port == 0)
        {
            _services.Queries.Return(datagram.Query);
        }
        else if (backlog.Push(datagram, client.Address, out var lost))
        {
            _services.Queries.Return(lost.Query);
            if (_transport.Group.Sheds)
            {
                _shed.Query(_index);
            }
            else
            {
                _transport.Limits.DroppedBacklog.Increment(_index);
            }
        }
    }

    // Whatever a receiving call reports concerns an earlier answer or one moment: the worker goes on.
    private bool RecoverFrom(int error)
    {
        if (_transport.IsStopping)
        {
            return false;
        }

        if (error is not (LinuxSocket.Interrupted or LinuxSocket.TryAgain))
        {
            _transport.Stopping.Wait(ErrorPause);
        }

        return true;
    }

    private bool Process(int count)
    {
        var group = _transport.Group;
        var now = _services.Time.GetTimestamp();
        for (var slot = 0; slot < count; slot++)
        {
            var client = _batch.ClientAt(slot);
            if (client.Port == 0)
            {
                // A socket that was shut gives empty datagrams from nobody; port 0 from elsewhere is a forgery.
                if (_transport.IsStopping)
                {
                    return false;
                }

                continue;
            }

            Volatile.Write(ref _lastQuery, now);
            var local = _isWildcard && _batch.TryGetLocal(slot, out var address) ? new SocketEndpoint(address, _local.Port) : _local;
            var query = _batch.Open(slot);
            try
            {
                if (UdpMessages.TryBegin(query, _batch.LengthAt(slot), client, local, group, _transport.Proxied, out var isQuery))
                {
                    query.Worker = _index;
                    query.StartTimestamp = now;
                    Answer(slot, query, isQuery ? group.Router : null);
                }
            }
            catch (Exception fault) when (QueryFaults.AreCaught(query))
            {
                _faults.Record(query, fault);
            }
        }

        return true;
    }

    private void Answer(int slot, QueryContext query, QueryRouter? router)
    {
        if (router is not null)
        {
            if (!_transport.Limits.Admit(query))
            {
                return;
            }

            var isFull = _transport.Group.Sheds
                && !_transport.Limits.HasRoom(query, Volatile.Read(ref _waiting), ShedOptions.Capacity);
            if (isFull)
            {
                query.ForbidWaiting(drops: null);
            }

            var running = router.HandleAsync(query);
            if (!running.IsCompletedSuccessfully)
            {
                Defer(slot, query, running);
                return;
            }

            if (isFull && query.Response.State is ResponseState.Dropped)
            {
                _shed.Query(_index);
            }
        }

        if (query.Response.State is not ResponseState.Answered)
        {
            return;
        }

        var length = _writer.Write(query, _batch.NextAnswer);
        if (length >= 0)
        {
            _batch.AddAnswer(slot, length);
            return;
        }

        SendLarge(slot, query);
    }

    // Not inlined, as SendLarge: with its copies of UdpPeer in the loop over a batch, the JIT took gigabytes to optimize Process.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Defer(int slot, QueryContext query, ValueTask running)
    {
        FinishAsync(running, query, new UdpPeer(in _batch.DatagramAt(slot)));
        _batch.LeaveQuery(slot);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void SendLarge(int slot, QueryContext query)
    {
        _largeAnswer ??= GC.AllocateUninitializedArray<byte>(UdpMessages.MaxResponse);
        var length = _writer.Write(query, _largeAnswer);
        var peer = new UdpPeer(in _batch.DatagramAt(slot));
        Send(_largeAnswer.AsSpan(0, length), in peer);
    }

    // Nobody waits for it: what is not caught here ends the process.
    private async void FinishAsync(ValueTask running, QueryContext query, UdpPeer peer)
    {
        var place = _transport.Enter(query);
        Interlocked.Increment(ref _waiting);
        try
        {
            await running;
            SendAlone(query, in peer);
        }
        catch (Exception fault) when (QueryFaults.AreCaught(query))
        {
            _faults.Record(query, fault);
        }

        _services.Queries.Return(query);
        Interlocked.Decrement(ref _waiting);
        _transport.Leave(place);
    }

    [SkipLocalsInit]
    private void SendAlone(QueryContext query, in UdpPeer peer)
    {
        if (query.Response.State is not ResponseState.Answered)
        {
            return;
        }

        Span<byte> answer = stackalloc byte[UdpBatch.AnswerSize];
        var length = ResponseWriter.ForThread.Write(query, answer);
        if (length >= 0)
        {
            Send(answer[..length], in peer);
            return;
        }

        var large = ArrayPool<byte>.Shared.Rent(UdpMessages.MaxResponse);
        length = ResponseWriter.ForThread.Write(query, large.AsSpan(0, UdpMessages.MaxResponse));
        Send(large.AsSpan(0, length), in peer);
        ArrayPool<byte>.Shared.Return(large);
    }

    // Any thread may send: the kernel keeps datagrams apart.
    private unsafe void Send(ReadOnlySpan<byte> answer, in UdpPeer peer)
    {
        // SAFETY: everything the call reads is fixed while it runs, and it keeps none of it.
        fixed (byte* octets = answer, name = peer.Name, control = peer.Control)
        {
            var vector = new IoVector { Base = octets, Length = (nuint)answer.Length };
            var datagram = new DatagramHeader
            {
                Name = name,
                NameLength = (uint)peer.Name.Length,
                Vectors = &vector,
                VectorCount = 1,
                Control = control,
                ControlLength = (nuint)peer.Control.Length,
            };
            try
            {
                while (LinuxSocket.Send(_socket.SafeHandle, &datagram, 0) < 0
                    && Marshal.GetLastPInvokeError() == LinuxSocket.Interrupted)
                {
                }
            }
            catch (ObjectDisposedException)
            {
                // The transport has closed meanwhile, the time for stragglers being over.
            }
        }
    }
}
