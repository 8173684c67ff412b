namespace ClusterDns.Testing.Simulation;

/// <summary>
/// Runs everything that awaits on one thread, in the order it became ready: a run with the same seed is the same run. What
/// completes a wait from outside (streams, timers) must do so with no context set, so that nothing goes to the thread pool.
/// </summary>
internal sealed class TurnQueue : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _ready = new();

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_ready)
        {
            _ready.Enqueue((d, state));
        }
    }

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    /// <summary>Completes a wait in the middle of a turn as if from outside.</summary>
    public static void Outside(Action action)
    {
        var before = Current;
        SetSynchronizationContext(null);
        try
        {
            action();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    /// <summary>Runs something as if it had been posted, then whatever is ready.</summary>
    public void Run(Action start)
    {
        Within(start);
        RunAll();
    }

    /// <summary>Runs until nothing is ready.</summary>
    public void RunAll()
    {
        while (TryTake(out var next))
        {
            Within(() => next.Callback(next.State));
        }
    }

    private void Within(Action action)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            action();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    private bool TryTake(out (SendOrPostCallback Callback, object? State) next)
    {
        lock (_ready)
        {
            return _ready.TryDequeue(out next);
        }
    }
}
