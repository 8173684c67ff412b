using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Server.Transports.Streams;

/// <summary>
/// One client's connection (RFC 7766): reads what is there, answers every whole query of it in one write. Queries that wait for
/// something do not hold up the next ones; their answers follow as they are done (§6.2.1.1).
/// </summary>
internal sealed class StreamConnection : IResponseStream, IThreadPoolWorkItem
{
    private readonly StreamTransport _transport;
    private readonly Socket _socket;
    private readonly ServerServices _services;
    private readonly SocketEndpoint _client;
    private readonly SocketEndpoint _local;
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private StreamOutput? _output;
    private QueryContext? _query;
    private TaskCompletionSource? _left;
    private int _waiting;
    private int _queries;
    private long _lastActivity;
    private bool _isClosed;

    public StreamConnection(StreamTransport transport, Socket socket, ServerServices services)
    {
        _transport = transport;
        _socket = socket;
        _services = services;
        _client = AddressCodec.Read(((IPEndPoint)socket.RemoteEndPoint!).Serialize()); // it was accepted
        _local = AddressCodec.Read(((IPEndPoint)socket.LocalEndPoint!).Serialize());
        _lastActivity = services.Time.GetTimestamp();
    }

    public IPAddressValue ClientAddress => _client.Address;

    /// <summary>Done when nothing of the connection is left.</summary>
    public Task Ended => _ended.Task;

    /// <summary>When a whole query was read or an answer became ready last.</summary>
    public long LastActivity => Volatile.Read(ref _lastActivity);

    /// <summary>True while the client waits for nothing.</summary>
    public bool IsIdle => Volatile.Read(ref _waiting) == 0 && _output is not { IsWriting: true };

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
            await WaitForAtMostAsync(0);
            if (_query is { } query)
            {
                _services.Queries.Return(query);
            }

            _transport.Remove(this);
            _ended.SetResult();
        }
    }

    /// <summary>Ends the connection where it is past a time-out.</summary>
    public bool IsOverdue(long now)
    {
        var timeouts = _transport.Options.Timeouts;
        if (_output is { IsWriting: true } output)
        {
            return output.WriteTime > timeouts.Write;
        }

        var limit = Volatile.Read(ref _queries) == 0 ? timeouts.Read : timeouts.Idle;
        return IsIdle && _services.Time.GetElapsedTime(LastActivity, now) > limit;
    }

    /// <summary>Reads nothing more; what was read is answered, then the connection ends.</summary>
    public void Drain() => Shutdown(SocketShutdown.Receive);

    /// <summary>
    /// Ends the connection now, whatever is under way. The client sees an ordinary end: disposing of a socket with a read under way
    /// would reset the connection instead.
    /// </summary>
    public void Abort()
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
        }

        _output?.Close();
        Shutdown(SocketShutdown.Both);
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
    private void Shutdown(SocketShutdown how)
    {
        try
        {
            _socket.Shutdown(how);
        }
        catch (Exception exception) when (IsEndOfConnection(exception))
        {
            // It has ended already.
        }
    }

    private async Task ServeAsync()
    {
        await using var stream = await OpenAsync();
        var output = new StreamOutput(stream, _services.Time);
        _output = output;
        using var input = new StreamInput();
        var goesOn = true;
        while (goesOn && await stream.ReadAsync(input.Room) is var count and > 0)
        {
            input.Advance(count);
            while (goesOn && TryHandleNext(input, output, out goesOn))
            {
                if (output.IsHigh)
                {
                    await output.DrainAsync();
                }

                if (Volatile.Read(ref _waiting) >= _transport.Limits.MaxInFlightPerConnection)
                {
                    await output.FlushAsync();
                    await WaitForAtMostAsync(_transport.Limits.MaxInFlightPerConnection - 1);
                }
            }

            ReturnQuery();
            await output.FlushAsync();
        }

        // The client may have ended its side only (RFC 7766 §6.2.3 asks for patience with both).
        await WaitForAtMostAsync(0);
        await output.DrainAsync();
        if (stream is SslStream encrypted)
        {
            await encrypted.ShutdownAsync();
        }
    }

    private async ValueTask<Stream> OpenAsync()
    {
        var plain = new NetworkStream(_socket, ownsSocket: false);
        if (_transport.TlsOptions is not { } options)
        {
            return plain;
        }

        var encrypted = new SslStream(plain, leaveInnerStreamOpen: false);
        try
        {
            await encrypted.AuthenticateAsServerAsync(options);
            return encrypted;
        }
        catch
        {
            await encrypted.DisposeAsync();
            throw;
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
        goesOn = Handle(message, output) && count != _transport.Options.Timeouts.MaxTcpQueries;
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
        var outcome = QueryReader.Read(query);
        if (outcome is ReadOutcome.Ignore || (outcome is ReadOutcome.Query && !_transport.Limits.Admit(query)))
        {
            return true;
        }

        if (outcome is ReadOutcome.Query)
        {
            var running = group.Router.HandleAsync(query);
            if (!running.IsCompletedSuccessfully)
            {
                _query = null;
                Enter();
                _ = FinishAsync(running, query, output);
                return true;
            }
        }

        return output.Append(query);
    }

    private async Task FinishAsync(ValueTask running, QueryContext query, StreamOutput output)
    {
        try
        {
            await running;
            Touch();
            var isUsable = output.Append(query);
            _services.Queries.Return(query);
            if (isUsable)
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
        finally
        {
            Leave();
        }
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

    private void Enter()
    {
        _transport.Limits.EnterQuery();
        lock (_gate)
        {
            _waiting++;
        }
    }

    private void Leave()
    {
        _transport.Limits.LeaveQuery();
        TaskCompletionSource? left;
        lock (_gate)
        {
            _waiting--;
            left = _left;
            _left = null;
        }

        left?.TrySetResult();
    }

    private async ValueTask WaitForAtMostAsync(int count)
    {
        while (true)
        {
            Task left;
            lock (_gate)
            {
                if (_waiting <= count)
                {
                    return;
                }

                _left ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                left = _left.Task;
            }

            await left;
        }
    }
}
