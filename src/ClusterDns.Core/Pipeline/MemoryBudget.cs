using ClusterDns.Core.Telemetry;

namespace ClusterDns.Core.Pipeline;

/// <summary>
/// What the process may fill with the doings of its clients, in octets, divided once at the start. What the cluster itself needs is
/// not in it: a quarter of the memory is left for zones, and the rest of what is left for the runtime.
/// </summary>
public sealed class MemoryBudget
{
    // A large answer costs many small ones; where these do not give enough room, it is not kept.
    private const int MaxEvictions = 256;

    private readonly long _limit;
    private readonly Counter _evictions;
    private readonly Counter _unkept;
    private readonly Lock _gate = new();
    private ICacheShare[] _shares = [];
    private long _cached;

    /// <param name="limit">Octets that the process may have in all; <see cref="OfProcess"/> says how many.</param>
    public MemoryBudget(long limit, MetricRegistry metrics)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        _limit = limit;
        _evictions = metrics
            .Counter("clusterdns_cache_ceiling_evictions_total", "Cache entries that went because all caches together were full.").With();
        _unkept = CeilingCounter.Of(metrics, "cache_entry");
        metrics.Gauge("clusterdns_cache_bytes", "Octets in all caches.").With().ReadFrom(() => CachedBytes);
        metrics.Gauge("clusterdns_cache_ceiling_bytes", "Octets that all caches together may hold.").With().ReadFrom(() => CacheCeiling);
    }

    /// <summary>The memory of the machine, or of the container where it has a limit (cgroups), as the runtime has read it.</summary>
    public static long OfProcess => Math.Max(1, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <summary>Octets that all caches together may hold.</summary>
    public long CacheCeiling => _limit / 4;

    /// <summary>Octets that queries may hold which wait for an upstream.</summary>
    public long WaitingCeiling => _limit / 4;

    /// <summary>Octets that connections may hold.</summary>
    public long ConnectionCeiling => _limit / 8;

    public long CachedBytes => Volatile.Read(ref _cached);

    /// <summary>Takes a cache in among those that make room for each other.</summary>
    public void Join(ICacheShare share)
    {
        lock (_gate)
        {
            _shares = [.. _shares, share];
        }
    }

    public void Leave(ICacheShare share)
    {
        lock (_gate)
        {
            _shares = [.. _shares.Where(other => !ReferenceEquals(other, share))];
        }
    }

    /// <summary>Makes room for so many octets more, at the cost of the largest cache; false where that did not give enough.</summary>
    public bool TryCache(int octets)
    {
        for (var tries = 0; Interlocked.Add(ref _cached, octets) > CacheCeiling; tries++)
        {
            Uncache(octets);
            if (tries == MaxEvictions || Largest() is not { } largest || !largest.EvictOne())
            {
                _unkept.Increment();
                return false;
            }

            _evictions.Increment();
        }

        return true;
    }

    public void Uncache(int octets) => Interlocked.Add(ref _cached, -octets);

    private ICacheShare? Largest()
    {
        ICacheShare? largest = null;
        foreach (var share in Volatile.Read(ref _shares))
        {
            largest = largest is null || share.Bytes > largest.Bytes ? share : largest;
        }

        return largest;
    }
}
