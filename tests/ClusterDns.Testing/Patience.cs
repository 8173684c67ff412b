using System.Diagnostics;

namespace ClusterDns.Testing;

/// <summary>How tests wait for what comes in a moment where nothing else runs: as long as the busiest machine may need.</summary>
public static class Patience
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    /// <summary>What has not come by then never will.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(90);

    /// <summary>The same in seconds, for the arguments of a program.</summary>
    public static int Seconds => (int)Limit.TotalSeconds;

    /// <summary>Returns as soon as it holds.</summary>
    /// <exception cref="TimeoutException">It never came true.</exception>
    public static async Task UntilAsync(Func<bool> holds, CancellationToken cancel)
    {
        long start = Stopwatch.GetTimestamp();
        while (!holds())
        {
            if (Stopwatch.GetElapsedTime(start) > Limit)
            {
                throw new TimeoutException("it never came true");
            }

            await Task.Delay(Poll, cancel);
        }
    }
}
