using System.Buffers;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using ClusterDns.Core.Pipeline;
using ClusterDns.Server.Transports.Proxying;

namespace ClusterDns.Server.Transports.Streams;

/// <summary>
/// One client's connection (RFC 7766): reads what is there, answers every whole query of it in one write. Queries that wait for
/// something do not hold up the next ones; their answers follow as they are done (§6.2.1.1).
/// </summary>
internal sealed class StreamConnection : IResponseStream, IThreadPoolWorkItem
{
    // Reads after which other connections have their turn: where there is always more to read, none of them waits.
    private const int ReadsPerTurn = 32;

    private const int DiscardSize = 2048;
    private const int MaxDiscarded = 128 * 1024;

    private readonly StreamTransport _transport;
    private readonly Socket _socket;
    private readonly ServerServices _services;
    private readonly SocketEndpoint _local;
    private readonly Lock _gate = new();
    private readonly WaitingQueries _waiting = new();
    private readonly QueryFaults _faults;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SocketEndpoint _client;
    private StreamOutput? _output;
    private QueryContext? _query;
    private int _queries;
    private long _lastActivity;
    private volatile bool _isDraining;
    private bool _isClosed;

    public StreamConnection(StreamTransport transport, Socket socket, ServerServices services)
    {
        _transport = transport;
        _socket = socket;
        _services = services;
        _faults = transport.Faults;
        _client = AddressCodec.Read(((IPEndPoint)socket.RemoteEndPoint!).Serialize()); // it was accepted
        _local = AddressCodec.Read(((IPEndPoint)socket.LocalEndPoint!).Serialize());
        _lastActivity = services.Time.GetTimestamp();
    }

    public IPAddressValue ClientAddress => _client.Address;

    /// <summary>Done when nothing of the connection is left.</summary>
    public Task Ended => _ended.Task;

    /// <summary>When a whole query was read or an answer became ready last.</summary>
    public long LastActivity => Volatile.Read(ref _lastActivity);

    /// <summary>Timestamp of the last query, or of its answer; 0 before any.</summary>
    public long LastQuery => Volatile.Read(ref _queries) == 0 ? 0 : LastActivity;

    /// <summary>True while the client waits for nothing.</summary>
    public bool IsIdle => _waiting.Count == 0 && _output is not { IsWriting: true };

    public async void Execute()
    {
        try
        {
            await ServeAsync();
        }
        catch (Exception exception) when (IsEndOfConnection(exception))
        {
            // Clients leave as they like.
        }
        finally
        {
            Abort();
            _socket.Dispose();
            await _waiting.WaitForAtMostAsync(0);
            if (_query is { } query)
            {
                _services.Queries.Return(query);
            }

            _transport.Remove(this);
            _ended.SetResult();
        }
    }

    /// <summary>True where the client takes longer than it may to read what was sent to it.</summary>
    public bool IsStuck => _output is { } output && output.WriteTime > _transport.Options.Timeouts.Write;

    /// <summary>True where the client takes longer than it may to ask.</summary>
    public bool IsOverdue(long now)
    {
        var timeouts = _transport.Options.Timeouts;
        var limit = Volatile.Read(ref _queries) == 0 ? timeouts.Read : timeouts.Idle;
        return IsIdle && _services.Time.GetElapsedTime(LastActivity, now) >= limit;
    }

    /// <summary>
    /// What has arrived is answered, then the connection ends. One that has not asked yet is about to: it may ask once, until
    /// <see cref="EndReading"/>.
    /// </summary>
    public void Drain()
    {
        _isDraining = true;
        if (Volatile.Read(ref _queries) > 0)
        {
            EndReading();
        }
    }

    /// <summary>What comes from now on is no longer read; what has come still is.</summary>
    public void EndReading() => Shutdown(SocketShutdown.Receive);

    /// <summary>
    /// Ends the connection now, whatever is under way. The client sees an ordinary end: disposing of a socket with a read under way
    /// would reset the connection instead.
    /// </summary>
    /// <param name="discards">Resets it nonetheless: the client does not take what the system keeps for it.</param>
    /// <returns>False where it was ended before.</returns>
    public bool Abort(bool discards = false)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }

            _isClosed = true;
        }

        _output?.Close();
        if (discards)
        {
            Try(static socket => socket.LingerState = new LingerOption(enable: true, seconds: 0));
        }

        Shutdown(SocketShutdown.Both);
        return true;
    }

    /// <summary>For a connection that was never served.</summary>
    public void Refuse() => _socket.Dispose();

    /// <inheritdoc/>
    public ValueTask SendAsync(QueryContext query)
    {
        if (_output is not { } output || !output.Append(query))
        {
            throw new IOException("the connection is closed");
        }

        Touch();
        return SendAsync(output);
    }

    internal static bool IsEndOfConnection(Exception exception) =>
        exception is IOException or SocketException or ObjectDisposedException or AuthenticationException;

    private static async ValueTask SendAsync(StreamOutput output)
    {
        try
        {
            await output.DrainAsync();
        }
        catch (Exception exception) when (IsEndOfConnection(exception) && exception is not IOException)
        {
            throw new IOException("the connection is closed", exception);
        }
    }

    // Makes the calls under way end, and with them the connection.
    private void Shutdown(SocketShutdown how) => Try(socket => socket.Shutdown(how));

    private void Try(Action<Socket> action)
    {
        try
        {
            action(_socket);
        }
        catch (Exception exception) when (IsEndOfConnection(exception))
        {
            // It has ended already.
        }
    }

    private async Task ServeAsync()
    {
        await using var stream = await OpenAsync();
        var output = new StreamOutput(stream, _transport.Limits, _services.Time);
        _output = output;
        var isUsable = await ReadAllAsync(stream, output);

        // The client may have ended its side only (RFC 7766 §6.2.3 asks for patience with both).
        await _waiting.WaitForAtMostAsync(0);
        await output.DrainAsync();
        output.Close();
        if (stream is SslStream encrypted)
        {
            await encrypted.ShutdownAsync();
        }

        if (!isUsable)
        {
            await DiscardAsync();
        }
    }

    private async ValueTask<Stream> OpenAsync()
    {
        Stream plain = new NetworkStream(_socket, ownsSocket: false);
        if (_transport.Group.ProxyProto is { } proxied)
        {
            (plain, var client) = await ProxiedStream.OpenAsync(plain, proxied.PolicyFor(_client.Address));
            if (client is { } named)
            {
                Become(named);
            }
        }

        return _transport.TlsOptions is { } options ? await ServerTls.AuthenticateAsync(plain, options) : plain;
    }

    // The peer speaks for a client, whose ceiling counts from here on.
    private void Become(SocketEndpoint client)
    {
        _transport.Limits.Connections.Remove(this);
        _client = client;
        if (!_transport.Limits.Connections.TryAdd(this))
        {
            throw new IOException("too many connections of one client");
        }
    }

    /// <returns>False: it ended at our side, and the client may go on sending.</returns>
    private async ValueTask<bool> ReadAllAsync(Stream stream, StreamOutput output)
    {
        using var input = new StreamInput(_transport.Limits);
        var goesOn = true;
        var turns = 0;
        // A drain shuts the receiving side: what lies in the socket is still read, and then its end.
        while (goesOn && await stream.ReadAsync(input.Room) is var count and > 0)
        {
            input.Advance(count);
            while (goesOn && TryHandleNext(input, output, out goesOn))
            {
                if (output.IsHigh)
                {
                    await output.DrainAsync();
                }

                if (_waiting.Count >= _transport.Limits.MaxInFlightPerConnection)
                {
                    _transport.Limits.PausedQueries.Increment();
                    await output.FlushAsync();
                    await _waiting.WaitForAtMostAsync(_transport.Limits.MaxInFlightPerConnection - 1);
                }
            }

            ReturnQuery();
            await output.FlushAsync();
            if (_isDraining)
            {
                EndReading();
            }

            if (++turns % ReadsPerTurn == 0)
            {
                await Task.Yield();
            }
        }

        return goesOn && !_isDraining;
    }

    // Octets nobody has read would make the system reset the connection, and the client lose its last answers.
    private async ValueTask DiscardAsync()
    {
        Shutdown(SocketShutdown.Send);
        var buffer = ArrayPool<byte>.Shared.Rent(DiscardSize);
        try
        {
            for (var left = MaxDiscarded; left > 0; left -= DiscardSize)
            {
                if (_isDraining || await _socket.ReceiveAsync(buffer.AsMemory(0, DiscardSize)) == 0)
                {
                    return;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <returns>False: no whole message is there. <paramref name="goesOn"/>: the connection is still of use.</returns>
    private bool TryHandleNext(StreamInput input, StreamOutput output, out bool goesOn)
    {
        goesOn = true;
        if (!input.TryTake(out var message))
        {
            return false;
        }

        Touch();
        var count = Interlocked.Increment(ref _queries);
        goesOn = Handle(message, output);
        if (count == _transport.Options.Timeouts.MaxTcpQueries)
        {
            _transport.Limits.ClosedAfterQueries.Increment();
            goesOn = false;
        }

        return true;
    }

    private bool Handle(ReadOnlySpan<byte> message, StreamOutput output)
    {
        var group = _transport.Group;
        var query = _query ??= _services.Queries.Rent();
        message.CopyTo(query.GetMessageBuffer(message.Length));
        query.BeginRequest(message.Length, _transport.Protocol, _client, _local, group.Identity);
        query.Worker = Thread.GetCurrentProcessorId();
        query.StartTimestamp = _services.Time.GetTimestamp();
        query.Stream = this;
        try
        {
            return Answer(query, group.Router, output);
        }
        catch (Exception fault) when (QueryFaults.AreCaught(query))
        {
            _faults.Record(query, fault);
            return true;
        }
    }

    private bool Answer(QueryContext query, QueryRouter router, StreamOutput output)
    {
        var outcome = QueryReader.Read(query);
        if (outcome is ReadOutcome.Ignore || (outcome is ReadOutcome.Query && !_transport.Limits.Admit(query)))
        {
            return true;
        }

        if (outcome is ReadOutcome.Query)
        {
            var running = router.HandleAsync(query);
            if (!running.IsCompletedSuccessfully)
            {
                _query = null;
                FinishAsync(running, query, output);
                return true;
            }
        }

        return output.Append(query);
    }

    // Nobody waits for it: what is not caught here ends the process.
    private async void FinishAsync(ValueTask running, QueryContext query, StreamOutput output)
    {
        _waiting.Enter();
        var place = _transport.Limits.EnterQuery(query);
        try
        {
            await running;
            Touch();
            if (output.Append(query))
            {
                await output.FlushAsync();
            }
            else
            {
                Abort();
            }
        }
        catch (Exception exception) when (IsEndOfConnection(exception))
        {
            Abort();
        }
        catch (Exception fault) when (QueryFaults.AreCaught(query))
        {
            _faults.Record(query, fault);
        }

        _services.Queries.Return(query);
        _waiting.Leave();
        _transport.Limits.LeaveQuery(place);
    }

    private void ReturnQuery()
    {
        if (_query is { } query)
        {
            _query = null;
            _services.Queries.Return(query);
        }
    }

    private void Touch() => Volatile.Write(ref _lastActivity, _services.Time.GetTimestamp());
}
