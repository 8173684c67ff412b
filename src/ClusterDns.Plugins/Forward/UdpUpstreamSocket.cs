using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace ClusterDns.Plugins.Forward;

/// <summary>
/// One connected UDP socket, so that the kernel drops what does not come from the upstream's address and port, with many
/// queries waiting on it.
/// </summary>
internal sealed class UdpUpstreamSocket
{
    private const int MaxPending = 1024;
    private const int MaxQueries = 4096;

    // What is longer arrives cut off and so becomes a truncated answer: the client asks again over TCP.
    private const int MaxDatagram = 4096;

    // How long a port takes queries: between these, drawn for each, so that whoever finds one out has it for seconds (RFC 5452 §9.2).
    private static readonly TimeSpan ShortestUse = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestUse = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private readonly PendingTable _pending = new();
    private readonly ChannelSettings _settings;
    private readonly Socket _socket;
    private readonly long _opened;
    private readonly long _usableUntil;
    private long _lastUsed;
    private int _queries;
    private bool _retired;
    private bool _closed;

    private UdpUpstreamSocket(ChannelSettings settings, Socket socket)
    {
        _settings = settings;
        _socket = socket;
        _opened = _lastUsed = settings.Time.GetTimestamp();
        var use = ShortestUse + TimeSpan.FromMilliseconds(settings.Random.Next((int)(LongestUse - ShortestUse).TotalMilliseconds));
        _usableUntil = _opened + settings.Time.ToTimestamps(use);
    }

    /// <exception cref="SocketException">There is no way to the upstream.</exception>
    public static UdpUpstreamSocket Open(ChannelSettings settings)
    {
        var socket = new Socket(settings.Remote.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (settings.Source is { } source)
            {
                socket.Bind(new IPEndPoint(source, 0));
            }

            socket.Connect(settings.Remote);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }

        var opened = new UdpUpstreamSocket(settings, socket);
        _ = opened.ReceiveAsync();
        return opened;
    }

    /// <summary>False where this socket takes no more queries: another one is due.</summary>
    public bool TrySend(Exchange exchange, ushort id)
    {
        SocketError error;
        lock (_gate)
        {
            if (_closed || _retired || _pending.Count >= MaxPending || _queries >= MaxQueries || exchange.SentAt >= _usableUntil)
            {
                return false;
            }

            while (!_pending.TryAdd(exchange, id))
            {
                id = (ushort)_settings.Random.NextUInt32();
            }

            _queries++;

            // Under the lock: as soon as it is out, the exchange may be completed and its buffer used for something else.
            error = SendNow(exchange.Message);
            if (error is not SocketError.Success)
            {
                _pending.Take(id);
            }
        }

        if (error is not SocketError.Success)
        {
            exchange.Fail($"write udp {Endpoints}: write: {SocketErrorText.Format(error)}");
        }

        return true;
    }

    /// <summary>Takes no more queries; closes once nothing waits. True where something still does.</summary>
    public bool Retire()
    {
        lock (_gate)
        {
            _retired = true;
            CloseWhenDone();
            return !_closed;
        }
    }

    public ChannelState Sweep(long now, bool closesIdle)
    {
        SendHedges(now);
        while (true)
        {
            Exchange? overdue;
            lock (_gate)
            {
                overdue = _pending.TakeExpired(now);
                if (overdue is null)
                {
                    return SweepIdle(now, closesIdle);
                }
            }

            // CoreDNS answers FORMERR to what did not fit the question; here it is said once nothing better has come.
            overdue.Fail(
                $"read udp {Endpoints}: i/o timeout", overdue.MetOtherQuestion ? ExchangeStatus.Mismatched : ExchangeStatus.Failed);
        }
    }

    /// <summary>Fails everything that waits.</summary>
    public void Close(string why)
    {
        lock (_gate)
        {
            CloseNow();
        }

        FailPending(why);
    }

    private string Endpoints => $"{LocalText}->{_settings.Remote}";

    private string LocalText
    {
        get
        {
            try
            {
                return _socket.LocalEndPoint?.ToString() ?? "";
            }
            catch (ObjectDisposedException)
            {
                return "";
            }
        }
    }

    private SocketError SendNow(ReadOnlySpan<byte> message)
    {
        try
        {
            _socket.Send(message, SocketFlags.None, out var error);
            return error;
        }
        catch (ObjectDisposedException)
        {
            return SocketError.OperationAborted;
        }
    }

    private ChannelState SweepIdle(long now, bool closesIdle)
    {
        if (_pending.Count > 0)
        {
            return ChannelState.Busy;
        }

        if (closesIdle || now - _lastUsed >= _settings.Expire || now - _opened >= _settings.MaxAge)
        {
            CloseNow();
        }

        return _closed ? ChannelState.Empty : ChannelState.Idle;
    }

    private void CloseWhenDone()
    {
        if (_retired && _pending.Count == 0)
        {
            CloseNow();
        }
    }

    private void CloseNow()
    {
        if (!_closed)
        {
            _closed = true;
            _socket.Dispose();
        }
    }

    private async Task ReceiveAsync()
    {
        var buffer = new byte[MaxDatagram];
        while (true)
        {
            try
            {
                var length = await _socket.ReceiveAsync(buffer, SocketFlags.None);
                Receive(buffer.AsSpan(0, length));
            }
            catch (SocketException exception) when (exception.SocketErrorCode is not SocketError.OperationAborted)
            {
                FailPending($"read udp {Endpoints}: read: {SocketErrorText.Format(exception.SocketErrorCode)}");
            }
            catch (Exception exception) when (exception is ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    private void Receive(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length < sizeof(ushort))
        {
            return;
        }

        Exchange? exchange;
        bool isProven;
        lock (_gate)
        {
            // A reply that nobody waits for is late, or a guess: it is dropped.
            exchange = _pending.Find(BinaryPrimitives.ReadUInt16BigEndian(datagram));
            isProven = exchange is null || exchange.Accepts(datagram);
            if (exchange is not null && !isProven && !exchange.MetUnproven)
            {
                // A guess that met the id and not the question: the true reply may still come (RFC 5452 §9.1).
                _settings.Limits.Mismatches.Increment(exchange.Worker);
                return;
            }

            if (exchange is not null)
            {
                _pending.Remove(exchange);
            }

            _lastUsed = _settings.Time.GetTimestamp();
            CloseWhenDone();
        }

        if (isProven)
        {
            exchange?.Receive(datagram);
        }
        else
        {
            exchange?.Fail("", ExchangeStatus.Unproven);
        }
    }

    private void SendHedges(long now)
    {
        while (true)
        {
            Exchange? slow;
            lock (_gate)
            {
                slow = _pending.BeginHedge(now, _settings.Limits);
            }

            if (slow is null)
            {
                return;
            }

            // Outside the lock: it is sent on another upstream's socket.
            _settings.Limits.Hedged.Increment(slow.Worker);
            slow.SendHedge();
        }
    }

    private void FailPending(string error)
    {
        while (true)
        {
            Exchange? exchange;
            lock (_gate)
            {
                exchange = _pending.TakeAny();
                CloseWhenDone();
            }

            if (exchange is null)
            {
                return;
            }

            exchange.Fail(error);
        }
    }
}
