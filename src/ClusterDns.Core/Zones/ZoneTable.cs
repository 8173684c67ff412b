using ClusterDns.Protocol.Names;

namespace ClusterDns.Core.Zones;

/// <summary>Finds the longest zone that a name lies in, label by label. Immutable; searching allocates nothing.</summary>
public sealed class ZoneTable<T>
    where T : class
{
    private readonly Dictionary<DnsName, T> _zones = new(DnsNameComparer.Instance);

    // True where some zone has that many labels: the others need no search.
    private readonly bool[] _labelCounts = new bool[128];
    private readonly int _mostLabels;

    public ZoneTable(IEnumerable<KeyValuePair<DnsName, T>> zones)
    {
        foreach (var (zone, value) in zones)
        {
            _zones[zone] = value;
            var labels = zone.LabelCount;
            _labelCounts[labels] = true;
            _mostLabels = Math.Max(_mostLabels, labels);
        }
    }

    public int Count => _zones.Count;

    public IEnumerable<KeyValuePair<DnsName, T>> Zones => _zones;

    /// <summary>The value of the longest zone that <paramref name="name"/> lies in; null where it lies in none.</summary>
    public T? Find(NameSpan name) => FindBelow(name, int.MaxValue);

    /// <summary>The same among zones with fewer than <paramref name="labels"/> labels: the next one up.</summary>
    public T? FindBelow(NameSpan name, int labels)
    {
        if (_zones.Count == 0)
        {
            return null;
        }

        var lookup = _zones.GetAlternateLookup<NameSpan>();
        var count = name.LabelCount;
        for (; ; name = name.Parent, count--)
        {
            if (count < labels && count <= _mostLabels && _labelCounts[count] && lookup.TryGetValue(name, out var value))
            {
                return value;
            }

            if (count == 0)
            {
                return null;
            }
        }
    }
}
