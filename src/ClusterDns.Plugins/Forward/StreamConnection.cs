using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace ClusterDns.Plugins.Forward;

/// <summary>One TCP or TLS connection with many queries in flight (RFC 7766 §6.2.1.1), answered in whatever order.</summary>
internal sealed class StreamConnection(ChannelSettings settings, SslClientAuthenticationOptions? tls)
{
    private const int MaxPending = 256;
    private const int LengthSize = 2;
    private const int FirstBuffer = 4096;

    private readonly Lock _gate = new();
    private readonly PendingTable _pending = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly Socket _socket = new(settings.Remote.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly long _opened = settings.Time.GetTimestamp();
    private long _lastUsed = settings.Time.GetTimestamp();
    private Stream? _stream;

    // What waits to be written, and what is being written.
    private byte[] _outgoing = new byte[FirstBuffer];
    private byte[] _leaving = new byte[FirstBuffer];
    private int _outgoingLength;
    private bool _writing;
    private bool _answered;
    private bool _retired;
    private volatile bool _closed;

    public bool IsClosed => _closed;

    /// <summary>Queries waiting; read without the lock, so only a hint.</summary>
    public int Pending => _pending.Count;

    /// <summary>True where the exchange may go here: a hint, <see cref="TrySend"/> decides.</summary>
    public bool Accepts(Exchange exchange) =>
        !_retired && _pending.Count < MaxPending && !(exchange.NeedsNewConnection && _answered)
        && settings.Time.GetTimestamp() - _opened < settings.MaxAge;

    /// <summary>Connects and reads until the connection ends.</summary>
    public void Start() => _ = RunAsync();

    /// <summary>False where this connection takes no more queries.</summary>
    public bool TrySend(Exchange exchange)
    {
        lock (_gate)
        {
            if (_closed || _retired || _pending.Count >= MaxPending)
            {
                return false;
            }

            while (!_pending.TryAdd(exchange, (ushort)settings.Random.NextUInt32()))
            {
            }

            Append(exchange.Framed);
            if (_writing || _stream is null)
            {
                return true;
            }

            _writing = true;
        }

        _ = WriteAsync();
        return true;
    }

    public ChannelState Sweep(long now, bool closesIdle)
    {
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

                // A connection on which nothing comes back may be dead: new queries go elsewhere.
                _retired = true;
            }

            overdue.Fail(_stream is null ? $"dial tcp {settings.Remote}: i/o timeout" : $"read tcp {Endpoints}: i/o timeout");
        }
    }

    public void Close(string why, ExchangeStatus status)
    {
        lock (_gate)
        {
            CloseNow();
        }

        while (true)
        {
            Exchange? exchange;
            lock (_gate)
            {
                exchange = _pending.TakeAny();
            }

            if (exchange is null)
            {
                return;
            }

            exchange.Fail(why, status);
        }
    }

    private string Endpoints
    {
        get
        {
            try
            {
                return $"{_socket.LocalEndPoint}->{settings.Remote}";
            }
            catch (ObjectDisposedException)
            {
                return settings.Remote.ToString();
            }
        }
    }

    private ChannelState SweepIdle(long now, bool closesIdle)
    {
        if (_pending.Count > 0)
        {
            return ChannelState.Busy;
        }

        if (_retired || closesIdle || now - _lastUsed >= settings.Expire || now - _opened >= settings.MaxAge)
        {
            CloseNow();
        }

        return _closed ? ChannelState.Empty : ChannelState.Idle;
    }

    private void CloseNow()
    {
        if (!_closed)
        {
            _closed = true;
            _closing.Cancel();
            _stream?.Dispose();
            _socket.Dispose();
        }
    }

    private void Append(ReadOnlySpan<byte> framed)
    {
        if (_outgoing.Length - _outgoingLength < framed.Length)
        {
            Array.Resize(ref _outgoing, Math.Max(_outgoing.Length * 2, _outgoingLength + framed.Length));
        }

        framed.CopyTo(_outgoing.AsSpan(_outgoingLength));
        _outgoingLength += framed.Length;
    }

    private async Task RunAsync()
    {
        try
        {
            await ConnectAsync();
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            Close($"dial tcp {settings.Remote}: {Describe(exception, "connect: ")}", ExchangeStatus.Failed);
            return;
        }

        try
        {
            var write = false;
            lock (_gate)
            {
                write = _writing = _outgoingLength > 0;
            }

            if (write)
            {
                _ = WriteAsync();
            }

            await ReadAsync();
            Close($"read tcp {Endpoints}: EOF", _answered ? ExchangeStatus.StaleConnection : ExchangeStatus.Failed);
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            Close(
                $"read tcp {Endpoints}: {Describe(exception, "read: ")}", _answered ? ExchangeStatus.StaleConnection : ExchangeStatus.Failed);
        }
    }

    private async Task ConnectAsync()
    {
        if (settings.Source is { } source)
        {
            _socket.Bind(new IPEndPoint(source, 0));
        }

        await _socket.ConnectAsync(settings.Remote, _closing.Token);
        Stream stream = new NetworkStream(_socket, ownsSocket: false);
        if (tls is not null)
        {
            var secured = new SslStream(stream);
            await secured.AuthenticateAsClientAsync(tls, _closing.Token);
            stream = secured;
        }

        lock (_gate)
        {
            _stream = stream;
            ObjectDisposedException.ThrowIf(_closed, this);
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            while (true)
            {
                int length;
                Stream stream;
                lock (_gate)
                {
                    length = _outgoingLength;
                    if (length == 0 || _closed || _stream is null)
                    {
                        _writing = false;
                        return;
                    }

                    stream = _stream;
                    (_outgoing, _leaving) = (_leaving, _outgoing);
                    _outgoingLength = 0;
                }

                // Everything that is there in one write (RFC 7766 §8).
                await stream.WriteAsync(_leaving.AsMemory(0, length), _closing.Token);
            }
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            Close(
                $"write tcp {Endpoints}: {Describe(exception, "write: ")}", _answered ? ExchangeStatus.StaleConnection : ExchangeStatus.Failed);
        }
    }

    private async Task ReadAsync()
    {
        var stream = _stream!; // Set by ConnectAsync.
        var buffer = new byte[FirstBuffer];
        var filled = 0;
        while (true)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(filled), _closing.Token);
            if (read == 0)
            {
                return;
            }

            filled += read;
            var used = Deliver(buffer.AsSpan(0, filled));
            filled -= used;
            buffer.AsSpan(used, filled).CopyTo(buffer);
            if (filled >= LengthSize)
            {
                var needed = LengthSize + BinaryPrimitives.ReadUInt16BigEndian(buffer);
                if (needed > buffer.Length)
                {
                    Array.Resize(ref buffer, needed);
                }
            }
        }
    }

    // Hands on every whole message and says how many octets they had.
    private int Deliver(ReadOnlySpan<byte> octets)
    {
        var used = 0;
        while (octets.Length - used >= LengthSize)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(octets[used..]);
            if (octets.Length - used - LengthSize < length)
            {
                break;
            }

            Receive(octets.Slice(used + LengthSize, length));
            used += LengthSize + length;
        }

        return used;
    }

    private void Receive(ReadOnlySpan<byte> message)
    {
        if (message.Length < sizeof(ushort))
        {
            return;
        }

        Exchange? exchange;
        lock (_gate)
        {
            exchange = _pending.Take(BinaryPrimitives.ReadUInt16BigEndian(message));
            _lastUsed = settings.Time.GetTimestamp();
            _answered = true;
        }

        exchange?.Receive(message);
    }

    private static bool IsExpected(Exception exception) =>
        exception is SocketException or IOException or ObjectDisposedException or OperationCanceledException or AuthenticationException;

    private static string Describe(Exception exception, string step) => exception switch
    {
        SocketException socket => step + SocketErrorText.Format(socket.SocketErrorCode),
        { InnerException: SocketException socket } => step + SocketErrorText.Format(socket.SocketErrorCode),
        AuthenticationException => "tls: " + exception.Message,
        OperationCanceledException or ObjectDisposedException => "use of closed network connection",
        _ => exception.Message,
    };
}
