using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Plugins.Prometheus;

/// <summary>Counts queries and responses of its block.</summary>
internal sealed class PrometheusPlugin : IPlugin
{
    private readonly IQueryHandler _next;
    private readonly TimeProvider _time;
    private readonly double _nanosecondsPerTick;
    private readonly PerListener<ListenerSeries> _listeners;

    public PrometheusPlugin(IQueryHandler next, BlockContext block)
    {
        _next = next;
        _time = block.Services.Time;
        _nanosecondsPerTick = 1e9 / _time.TimestampFrequency;
        var metrics = new QueryMetrics(block.Services.Metrics);

        // CoreDNS names the step behind this one, whichever of those further down made the response.
        var steps = block.Steps;
        var behind = steps.Count > 0 ? steps.TakeWhile(static step => step != Name).Count() + 1 : 0;
        var plugin = behind < steps.Count ? steps[behind] : "";
        _listeners = new PerListener<ListenerSeries>(
            listener => new ListenerSeries(zone => new ZoneSeries(metrics, listener.Label, zone.ToString(), block.View, plugin)));
    }

    public static string Name => "prometheus";

    public ValueTask HandleAsync(QueryContext query)
    {
        var dnssecOk = query.DnssecOk;
        var running = _next.HandleAsync(query);
        if (!running.IsCompletedSuccessfully)
        {
            return AwaitAsync(running, query, dnssecOk);
        }

        Count(query, dnssecOk);
        return default;
    }

    private async ValueTask AwaitAsync(ValueTask running, QueryContext query, bool dnssecOk)
    {
        await running;
        Count(query, dnssecOk);
    }

    private void Count(QueryContext query, bool dnssecOk) =>
        _listeners.For(query.Listener).For(query.Zone ?? DnsName.Root)
            .Count(query, dnssecOk, Nanoseconds(_time.GetTimestamp() - query.StartTimestamp));

    // A tick mostly is a nanosecond.
    private long Nanoseconds(long ticks) => _nanosecondsPerTick == 1 ? ticks : (long)(ticks * _nanosecondsPerTick);
}
