using ClusterDns.Kubernetes.Sources;

namespace ClusterDns.Kubernetes.Plugin;

/// <summary>
/// Runs the source for as long as the directive lives, and lets the start wait until the records are complete.
/// </summary>
/// <param name="snapshot">Null without one.</param>
internal sealed class Synchronization(
    KubernetesState state, IObjectSource source, KubernetesLog log, ClusterSnapshot? snapshot = null)
{
    // With a snapshot to answer from, an API server that is there gets this long to say what is newer.
    private static readonly TimeSpan Courtesy = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Reminder = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _ending = new();
    private Task _running = Task.CompletedTask;
    private Task _saving = Task.CompletedTask;
    private bool _started;

    /// <summary>As <see cref="Start"/> and <see cref="WaitAsync"/>.</summary>
    public ValueTask StartAsync(CancellationToken cancellationToken)
    {
        Start();
        return WaitAsync(cancellationToken);
    }

    /// <summary>Begins, where that has not been done.</summary>
    public void Start()
    {
        if (Interlocked.Exchange(ref _started, true))
        {
            return;
        }

        var sinks = new ClusterSinks(state).Create();
        _running = RunAsync(sinks);
        _ = _running.ContinueWith(
            failed => log.SourceEnded(failed.Exception?.GetBaseException().Message ?? ""),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        if (snapshot is not null)
        {
            _saving = RunAsync(snapshot);
        }
    }

    /// <summary>
    /// Returns when the records are complete, or when the directive's patience is over; then it goes on by itself.
    /// </summary>
    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        var time = state.Services.Time;
        var start = time.GetTimestamp();
        var reminded = TimeSpan.Zero;
        while (!state.IsSynced && !_running.IsCompleted)
        {
            var waited = time.GetElapsedTime(start);
            if (state.IsComplete && (waited >= Courtesy || source.Collections.Any(static collection => collection.HasFailed)))
            {
                return;
            }

            if (waited >= state.Options.StartupTimeout)
            {
                log.StartingUnsynced();
                return;
            }

            if (waited - reminded >= Reminder)
            {
                reminded = waited;
                log.Waiting();
            }

            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    public async ValueTask StopAsync()
    {
        snapshot?.SaveIfDue(source, Courtesy);
        await _ending.CancelAsync();
        await _saving;
        await _running;
        await source.DisposeAsync();
        _ending.Dispose();
    }

    private async Task RunAsync(ClusterSnapshot kept)
    {
        try
        {
            while (state.IsStale)
            {
                await Task.Delay(Poll, state.Services.Time, _ending.Token);
                if (state.IsSynced)
                {
                    log.Reconciled();
                }
            }

            await kept.RunAsync(source, _ending.Token);
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The directive ends.
        }
    }

    private async Task RunAsync(ObjectSinks sinks)
    {
        try
        {
            await source.RunAsync(sinks, _ending.Token);
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The directive ends.
        }
        catch (SourceConfigurationException exception)
        {
            log.SourceEnded(exception.Message);
        }
    }
}
