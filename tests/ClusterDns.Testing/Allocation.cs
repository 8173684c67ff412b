namespace ClusterDns.Testing;

/// <summary>What work allocates each time it is done, as opposed to once in a process.</summary>
public static class Allocation
{
    private const int Rounds = 5;

    /// <summary>
    /// Octets that this thread allocates in the leanest of five rounds: code that is compiled anew, and tables that are made at
    /// their first use, show in some round, what every run allocates in all of them.
    /// </summary>
    public static long Least(Action round)
    {
        var least = long.MaxValue;
        for (var number = 0; number < Rounds && least > 0; number++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            round();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
