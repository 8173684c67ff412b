using System.Collections.Concurrent;
using System.Numerics;

namespace ClusterDns.Core.Telemetry;

/// <summary>
/// The process's metrics by name. A family asked for twice is the same family, so counts go on across reloads. Exporters
/// read it; nothing here knows how.
/// </summary>
public sealed class MetricRegistry
{
    /// <summary>Shares that counters are split into: a power of two, at least one for every core up to 64.</summary>
    public static readonly int Cells = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(Environment.ProcessorCount, 1, 64));

    private readonly ConcurrentDictionary<string, IMetricFamily> _families = new(StringComparer.Ordinal);

    // Families are asked for when a plan is built and never for a query.
    private readonly Lock _gate = new();
    private readonly List<Action<IMetricFamily>> _watchers = [];

    public IEnumerable<IMetricFamily> Families => _families.Values.OrderBy(static family => family.Name, StringComparer.Ordinal);

    public MetricFamily<Counter> Counter(string name, string help, params string[] labels) =>
        Family(name, help, MetricKind.Counter, labels, static () => new Counter());

    public MetricFamily<Gauge> Gauge(string name, string help, params string[] labels) =>
        Family(name, help, MetricKind.Gauge, labels, static () => new Gauge());

    /// <param name="bounds">Upper bounds of the buckets in recorded units, ascending.</param>
    /// <param name="scale">What one recorded unit is in the unit shown.</param>
    public MetricFamily<Histogram> Histogram(string name, string help, long[] bounds, double scale, params string[] labels) =>
        Family(name, help, MetricKind.Histogram, labels, () => new Histogram(bounds, scale));

    /// <summary>Tells of every family once: those that are here now, and later each as it comes.</summary>
    public void Watch(Action<IMetricFamily> tell)
    {
        lock (_gate)
        {
            _watchers.Add(tell);
            foreach (var family in Families)
            {
                tell(family);
            }
        }
    }

    private MetricFamily<T> Family<T>(string name, string help, MetricKind kind, string[] labels, Func<T> create)
        where T : class
    {
        lock (_gate)
        {
            if (_families.TryGetValue(name, out var known))
            {
                return (MetricFamily<T>)known;
            }

            var family = new MetricFamily<T>(name, help, kind, labels, create);
            _families[name] = family;
            _watchers.ForEach(tell => tell(family));
            return family;
        }
    }
}
