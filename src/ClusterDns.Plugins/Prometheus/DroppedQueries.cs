using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Prometheus;

/// <summary>Counts the queries that no server block serves, in the zone <c>dropped</c>.</summary>
internal sealed class DroppedQueries(ServerServices services)
{
    private const string Zone = "dropped";

    private readonly PerListener<ZoneSeries> _listeners = new(
        listener => new ZoneSeries(new QueryMetrics(services.Metrics), listener.Label, Zone, view: "", plugin: ""));

    public void Count(QueryContext query)
    {
        var elapsed = services.Time.GetElapsedTime(query.StartTimestamp);
        _listeners.For(query.Listener).Count(query, query.DnssecOk, elapsed.Ticks * TimeSpan.NanosecondsPerTick);
    }
}
