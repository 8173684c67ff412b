using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;

namespace ClusterDns.Plugins.Cache;

/// <summary>The cache's counters on one listening address.</summary>
internal sealed class CacheMetrics
{
    private const string Success = "success";
    private const string Denial = "denial";

    public CacheMetrics(MetricRegistry metrics, string server, string zones, string view)
    {
        Entries = (Entry(metrics, server, Success, zones, view), Entry(metrics, server, Denial, zones, view));
        Requests = metrics.Counter("coredns_cache_requests_total", "The count of cache requests.", "server", "zones", "view")
            .With(server, zones, view);
        var hits = metrics.Counter("coredns_cache_hits_total", "The count of cache hits.", "server", "type", "zones", "view");
        SuccessHits = new Lazy<Counter>(() => hits.With(server, Success, zones, view));
        DenialHits = new Lazy<Counter>(() => hits.With(server, Denial, zones, view));
        Misses = new Lazy<Counter>(() => metrics
            .Counter("coredns_cache_misses_total", "The count of cache misses. Deprecated, derive misses from cache hits/requests counters.", "server", "zones", "view")
            .With(server, zones, view));
        Prefetches = new Lazy<Counter>(() => metrics
            .Counter("coredns_cache_prefetch_total", "The number of times the cache has prefetched a cached item.", "server", "zones", "view")
            .With(server, zones, view));
        ServedStale = new Lazy<Counter>(() => metrics
            .Counter("coredns_cache_served_stale_total", "The number of requests served from stale cache entries.", "server", "zones", "view")
            .With(server, zones, view));
        var evictions = metrics.Counter("coredns_cache_evictions_total", "The count of cache evictions.", "server", "type", "zones", "view");
        SuccessEvictions = new Lazy<Counter>(() => evictions.With(server, Success, zones, view));
        DenialEvictions = new Lazy<Counter>(() => evictions.With(server, Denial, zones, view));
    }

    public (Gauge Success, Gauge Denial) Entries { get; }

    public Counter Requests { get; }

    // A series that never counted is not shown, as CoreDNS does not show it.
    public Lazy<Counter> SuccessHits { get; }

    public Lazy<Counter> DenialHits { get; }

    public Lazy<Counter> Misses { get; }

    public Lazy<Counter> Prefetches { get; }

    public Lazy<Counter> ServedStale { get; }

    public Lazy<Counter> SuccessEvictions { get; }

    public Lazy<Counter> DenialEvictions { get; }

    public static PerListener<CacheMetrics> For(BlockContext block, string zones, CacheStore success, CacheStore denial) =>
        new(listener =>
        {
            var metrics = new CacheMetrics(block.Services.Metrics, listener.Label, zones, block.View);
            metrics.Entries.Success.ReadFrom(() => success.Count);
            metrics.Entries.Denial.ReadFrom(() => denial.Count);
            return metrics;
        });

    private static Gauge Entry(MetricRegistry metrics, string server, string type, string zones, string view) => metrics
        .Gauge("coredns_cache_entries", "The number of elements in the cache.", "server", "type", "zones", "view")
        .With(server, type, zones, view);
}
