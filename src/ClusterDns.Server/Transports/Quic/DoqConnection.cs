using ClusterDns.Core.Pipeline;

namespace ClusterDns.Server.Transports.Quic;

/// <summary>One client's connection: takes its streams, each of which is one query (RFC 9250 §4.2).</summary>
internal sealed class DoqConnection(DoqService service, IQuicSession session)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastActivity = service.Services.Time.GetTimestamp();

    // One more than there are while streams are taken.
    private int _streams = 1;

    public SocketEndpoint Client => session.Client;

    public SocketEndpoint Local => session.Local;

    /// <summary>True while the client waits for nothing.</summary>
    public bool IsIdle => Volatile.Read(ref _streams) <= 1;

    /// <summary>When the client opened a stream last, or its last one ended.</summary>
    public long LastActivity => Volatile.Read(ref _lastActivity);

    /// <summary>Done when no stream is taken any more and the last one has ended.</summary>
    public Task Ended => _ended.Task;

    public async Task RunAsync()
    {
        try
        {
            while (await AcceptAsync() is { } stream)
            {
                // QUIC itself grants no more; this holds whatever carries the streams.
                if (Interlocked.Increment(ref _streams) - 1 > service.Options.MaxStreams)
                {
                    service.RefusedStreams.Increment();
                    stream.Abort(DoqError.ExcessiveLoad);
                    await stream.DisposeAsync();
                    Leave();
                    continue;
                }

                Touch();
                Serve(stream);
            }
        }
        catch (IOException)
        {
            // Clients leave as they like.
        }

        Leave();
        await _ended.Task;
        await session.CloseAsync(DoqError.None);
    }

    public ValueTask CloseAsync(long error) => session.CloseAsync(error);

    // Null: the connection has ended, the transport stops, or the client has asked nothing for too long. What keeps QUIC's own
    // idea of a connection alive keeps nothing here.
    private async ValueTask<IQuicStream?> AcceptAsync()
    {
        while (true)
        {
            // In this order: where a stream ends between the two, it was not idle for long.
            var isIdle = IsIdle;
            var limit = service.Timeouts.Idle - service.Services.Time.GetElapsedTime(LastActivity);
            if (isIdle && limit <= TimeSpan.Zero)
            {
                service.Limits.ClosedTimedOut.Increment();
                return null;
            }

            using var deadline = new CancellationTokenSource(
                limit > TimeSpan.Zero ? limit : service.Timeouts.Idle, service.Services.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, service.Stopping);
            try
            {
                return await session.AcceptAsync(either.Token);
            }
            catch (OperationCanceledException) when (!service.Stopping.IsCancellationRequested)
            {
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }
    }

    // Nobody waits for it: what is not caught here ends the process.
    private async void Serve(IQuicStream stream)
    {
        try
        {
            await using (stream)
            {
                await new DoqStream(service, this, stream).RunAsync();
            }
        }
        catch (IOException)
        {
            // Clients leave as they like.
        }
        finally
        {
            Touch();
            Leave();
        }
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _streams) == 0)
        {
            _ended.TrySetResult();
        }
    }

    private void Touch() => Volatile.Write(ref _lastActivity, service.Services.Time.GetTimestamp());
}
