using ClusterDns.Core.Telemetry;

namespace ClusterDns.Core.Pipeline;

/// <summary>
/// What the process may fill with the doings of its clients, in octets, divided once at the start. What the cluster itself needs is
/// not in it: a quarter of the memory is left for zones, and the rest of what is left for the runtime.
/// </summary>
public sealed class MemoryBudget
{
    private readonly long _limit;
    private readonly Counter _evictions;
    private long _cached;

    /// <param name="limit">Octets that the process may have in all; <see cref="OfProcess"/> says how many.</param>
    public MemoryBudget(long limit, MetricRegistry metrics)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        _limit = limit;
        _evictions = metrics
            .Counter("clusterdns_cache_ceiling_evictions_total", "Cache entries that went because all caches together were full.").With();
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

    /// <summary>False where there is no room for so many octets more.</summary>
    public bool TryCache(int octets)
    {
        if (Interlocked.Add(ref _cached, octets) <= CacheCeiling)
        {
            return true;
        }

        Uncache(octets);
        return false;
    }

    public void Uncache(int octets) => Interlocked.Add(ref _cached, -octets);

    /// <summary>An entry had to go that its own cache had room for.</summary>
    public void CountEviction() => _evictions.Increment();
}
