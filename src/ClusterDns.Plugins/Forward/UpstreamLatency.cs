namespace ClusterDns.Plugins.Forward;

/// <summary>
/// How long an upstream takes, as a smoothed mean and deviation (RFC 6298 §2). Updates from several threads may overwrite each
/// other: each value is one that was measured.
/// </summary>
/// <param name="floor">In timestamps: no hedge is sent earlier.</param>
/// <param name="ceiling">In timestamps: nor later than this.</param>
internal sealed class UpstreamLatency(long floor, long ceiling)
{
    private long _mean = -1;
    private long _deviation;

    /// <summary>In timestamps; 0 where nothing is known yet, so that an upstream is tried.</summary>
    public long Mean => Math.Max(0, Volatile.Read(ref _mean));

    /// <summary>When an answer is late enough for another upstream to be asked, in timestamps.</summary>
    public long HedgeDelay =>
        Volatile.Read(ref _mean) is >= 0 and var mean ? Math.Clamp(mean + (4 * Volatile.Read(ref _deviation)), floor, ceiling) : ceiling;

    public void Record(long elapsed)
    {
        var mean = Volatile.Read(ref _mean);
        if (mean < 0)
        {
            Volatile.Write(ref _deviation, elapsed / 2);
            Volatile.Write(ref _mean, elapsed);
            return;
        }

        Volatile.Write(ref _deviation, ((3 * Volatile.Read(ref _deviation)) + Math.Abs(mean - elapsed)) / 4);
        Volatile.Write(ref _mean, ((7 * mean) + elapsed) / 8);
    }
}
