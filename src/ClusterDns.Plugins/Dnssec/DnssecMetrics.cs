using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;

namespace ClusterDns.Plugins.Dnssec;

/// <summary>The counters of signing on one listening address.</summary>
internal sealed class DnssecMetrics
{
    private DnssecMetrics(MetricRegistry metrics, string server, RRsetSigner signer)
    {
        metrics.Gauge("coredns_dnssec_cache_entries", "The number of elements in the dnssec cache.", "server", "type")
            .With(server, "signature")
            .ReadFrom(() => signer.Count);
        Hits = new Lazy<Counter>(() => metrics
            .Counter("coredns_dnssec_cache_hits_total", "The count of cache hits.", "server")
            .With(server));
        Misses = new Lazy<Counter>(() => metrics
            .Counter("coredns_dnssec_cache_misses_total", "The count of cache misses.", "server")
            .With(server));
    }

    // A series that never counted is not shown, as CoreDNS does not show it.
    public Lazy<Counter> Hits { get; }

    public Lazy<Counter> Misses { get; }

    public static PerListener<DnssecMetrics> For(MetricRegistry metrics, RRsetSigner signer) =>
        new(listener => new DnssecMetrics(metrics, listener.Label, signer));

    /// <summary>Counts RRsets that could not be signed because too many waited.</summary>
    public static Counter Refused(MetricRegistry metrics) => metrics
        .Counter("clusterdns_dnssec_refused_total", "RRsets left unsigned because too many signatures were waiting.")
        .With();
}
