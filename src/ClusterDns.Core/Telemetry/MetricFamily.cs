using System.Collections.Concurrent;

namespace ClusterDns.Core.Telemetry;

/// <summary>All series of one name: label names once, values per series.</summary>
public sealed class MetricFamily<T> : IMetricFamily
    where T : class
{
    private readonly ConcurrentDictionary<string, (string[] Values, T Series)> _series = new(StringComparer.Ordinal);
    private readonly Func<T> _create;

    internal MetricFamily(string name, string help, MetricKind kind, string[] labels, Func<T> create)
    {
        Name = name;
        Help = help;
        Kind = kind;
        Labels = labels;
        _create = create;
    }

    public string Name { get; }

    public string Help { get; }

    public MetricKind Kind { get; }

    public IReadOnlyList<string> Labels { get; }

    /// <summary>Every series with its label values, in the order of <see cref="Labels"/>.</summary>
    public IEnumerable<(IReadOnlyList<string> Values, object Series)> Series =>
        _series.Values.Select(static entry => ((IReadOnlyList<string>)entry.Values, (object)entry.Series));

    /// <summary>
    /// The series with these label values, made at its first use. Resolve it once and keep it: this searches by text and
    /// is not for the path of a query.
    /// </summary>
    public T With(params string[] values)
    {
        if (values.Length != Labels.Count)
        {
            throw new ArgumentException($"{Name} has {Labels.Count} labels, not {values.Length}", nameof(values));
        }

        var key = string.Join('\u001f', values);
        return _series.GetOrAdd(key, static (_, state) => (state.values, state._create()), (values, _create)).Series;
    }

    /// <summary>Forgets a series: it is no longer shown.</summary>
    public void Remove(params string[] values) => _series.TryRemove(string.Join('\u001f', values), out _);
}
