namespace ClusterDns.Kubernetes.Sync;

/// <summary>
/// Waits between attempts: twice as long each time, up to a limit, and never in step with other clients.
/// </summary>
/// <param name="random">Draws from [0, 1).</param>
internal sealed class Backoff(TimeProvider time, Func<double> random)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private int _failures;

    public void Reset() => _failures = 0;

    /// <param name="atLeast">What the server asked for.</param>
    public Task WaitAsync(TimeSpan? atLeast, CancellationToken cancellationToken) =>
        Task.Delay(Next(atLeast), time, cancellationToken);

    internal TimeSpan Next(TimeSpan? atLeast)
    {
        TimeSpan step = First * Math.Pow(2, Math.Min(_failures++, 16));
        if (step > Longest)
        {
            step = Longest;
        }

        // Half is fixed so that nothing hammers; half is drawn so that a thousand clients spread.
        TimeSpan wait = step * (0.5 + random());
        return atLeast > wait ? atLeast.Value + step * random() : wait;
    }
}
