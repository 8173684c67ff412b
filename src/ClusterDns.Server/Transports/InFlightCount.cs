namespace ClusterDns.Server.Transports;

/// <summary>Counts queries that wait for something, so that a transport that stops can wait for them.</summary>
internal sealed class InFlightCount
{
    private readonly TaskCompletionSource _none = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // One more than there are while the transport serves: zero is reached only after it stopped.
    private int _count = 1;

    public int Value => Volatile.Read(ref _count) - 1;

    public void Enter() => Interlocked.Increment(ref _count);

    public void Leave()
    {
        if (Interlocked.Decrement(ref _count) == 0)
        {
            _none.TrySetResult();
        }
    }

    /// <summary>For the end of a transport, once: waits until all have left, or for as long as <paramref name="limit"/>.</summary>
    public async Task WaitForNoneAsync(TimeSpan limit, TimeProvider time)
    {
        Leave();
        await Task.WhenAny(_none.Task, Task.Delay(limit, time));
    }
}
