using System.Runtime;

namespace ClusterDns.Kubernetes.Sync;

/// <summary>
/// Compacts the heap from time to time while what is read for the first time makes it grow. Nearly all of it stays, so the collector
/// by itself looks for the rest (tables that have become too small above all) when it has become a lot, and in the background, which
/// gives nothing back. Nobody waits for an answer meanwhile.
/// </summary>
/// <param name="inUse">Octets of the heap.</param>
/// <param name="compact">Leaves in the heap what is still needed.</param>
internal sealed class GrowthPace(Func<long> inUse, Action compact)
{
    /// <summary>Octets of growth before the first collection, which a small cluster never has.</summary>
    public const long First = 12 << 20;

    /// <summary>Octets of growth that are worth another one, as an eighth of what is left is.</summary>
    public const long Step = 8 << 20;

    // Looking costs more than an object does.
    private const int Interval = 256;

    private readonly Lock _gate = new();
    private long _next = inUse() + First;
    private int _added;

    public GrowthPace()
        : this(static () => GC.GetTotalMemory(forceFullCollection: false), Compact)
    {
    }

    /// <summary>An object has been put into a store. Called by anybody.</summary>
    public void Added()
    {
        if (Interlocked.Increment(ref _added) % Interval != 0 || inUse() < Volatile.Read(ref _next))
        {
            return;
        }

        lock (_gate)
        {
            if (inUse() >= _next)
            {
                compact();
                var left = inUse();
                Volatile.Write(ref _next, left + Math.Max(Step, left / 8));
            }
        }
    }

    private static void Compact()
    {
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
    }
}
