using System.Runtime;

namespace ClusterDns.Server.Cli;

/// <summary>
/// Gives memory back to the system where a start, a reload or a long list has left room behind that steady work does not
/// need: a collection that compacts everything, which stops the process for as long as its records take to be moved.
/// </summary>
internal sealed class MemoryTrim(TimeProvider time)
{
    /// <summary>Room that is not worth stopping for.</summary>
    private const long Slack = 4 << 20;

    /// <summary>Octets that next to no work allocates in an interval.</summary>
    private const long Quiet = 2 << 20;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private long _committed;
    private long _allocated;

    /// <summary>Before a plan serves: nobody waits for an answer of it yet.</summary>
    public void TrimAfterStart()
    {
        // A plan that read little left little.
        if (GC.GetTotalAllocatedBytes() - _allocated >= Slack)
        {
            Trim();
        }
    }

    /// <summary>Looks from time to time whether something has grown the heap and is over.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            var before = GC.GetTotalAllocatedBytes();
            while (await timer.WaitForNextTickAsync(cancel))
            {
                var now = GC.GetTotalAllocatedBytes();
                if (IsDue(GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes, now - before))
                {
                    Trim();
                }

                before = now;
            }
        }
        catch (OperationCanceledException)
        {
            // The process ends.
        }
    }

    /// <param name="committed">Octets the heap had after its last collection.</param>
    /// <param name="allocatedLately">Octets allocated in the last interval: while work is being done there is no point.</param>
    internal bool IsDue(long committed, long allocatedLately) =>
        allocatedLately < Quiet && committed > _committed + (_committed / 8) + Slack;

    private void Trim()
    {
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _committed = GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes;
        _allocated = GC.GetTotalAllocatedBytes();
    }
}
