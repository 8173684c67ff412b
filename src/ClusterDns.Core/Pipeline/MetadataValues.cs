namespace ClusterDns.Core.Pipeline;

/// <summary>Values that plugins offer about a query, by label such as <c>kubernetes/service</c>; computed when asked for.</summary>
public sealed class MetadataValues
{
    private readonly Dictionary<string, Func<QueryContext, string>> _values = new(StringComparer.Ordinal);

    public IEnumerable<string> Labels => _values.Keys;

    public void Set(string label, Func<QueryContext, string> value) => _values[label] = value;

    public void Clear() => _values.Clear();

    /// <summary>The value of a label; null where nobody offers it.</summary>
    public string? Find(ReadOnlySpan<char> label, QueryContext query) =>
        _values.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(label, out var value) ? value(query) : null;

    /// <summary>The value of a label; null where nobody offers it.</summary>
    public string? Find(string label, QueryContext query) => _values.TryGetValue(label, out var value) ? value(query) : null;
}
