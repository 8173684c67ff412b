using ClusterDns.Core.Telemetry;

namespace ClusterDns.Plugins.Prometheus;

/// <summary>A family whose values were read for one scrape.</summary>
internal sealed class ReadFamily(string name, string help, MetricKind kind, double value) : IMetricFamily
{
    public string Name => name;

    public string Help => help;

    public MetricKind Kind => kind;

    public IReadOnlyList<string> Labels => [];

    public IEnumerable<(IReadOnlyList<string> Values, object Series)> Series
    {
        get
        {
            var gauge = new Gauge();
            gauge.Set(value);
            return [([], gauge)];
        }
    }
}
