using ClusterDns.Protocol.Names;

namespace ClusterDns.Core.Zones;

/// <summary>Finds the longest zone that a name lies in, label by label. Immutable; searching allocates nothing.</summary>
public sealed class ZoneTable<T>
    where T : class
{
    // So many zones are compared one by one, which is faster than hashing the name's ancestors.
    private const int FewZones = 8;

    private readonly Dictionary<DnsName, T> _zones = new(DnsNameComparer.Instance);

    // Longest first; null where there are too many.
    private readonly FewZone[]? _few;

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

        if (_zones.Count <= FewZones)
        {
            _few = [.. _zones
                .Select(static zone => new FewZone(zone.Key.Wire, zone.Key.LabelCount, zone.Value))
                .OrderByDescending(static zone => zone.Labels)];
        }
    }

    public int Count => _zones.Count;

    public IEnumerable<KeyValuePair<DnsName, T>> Zones => _zones;

    /// <summary>The value of the longest zone that <paramref name="name"/> lies in; null where it lies in none.</summary>
    public T? Find(NameSpan name) => FindBelow(name, int.MaxValue);

    /// <summary>The same among zones with fewer than <paramref name="labels"/> labels: the next one up.</summary>
    public T? FindBelow(NameSpan name, int labels)
    {
        return _few is not null ? FindAmongFew(name.Wire, labels) : FindAmongMany(name, labels);
    }

    private T? FindAmongFew(ReadOnlySpan<byte> name, int labels)
    {
        foreach (ref readonly var zone in _few.AsSpan())
        {
            if (zone.Labels < labels && (zone.Labels == 0 || IsIn(name, zone.Wire)))
            {
                return zone.Value;
            }
        }

        return null;
    }

    private static bool IsIn(ReadOnlySpan<byte> name, byte[] zone)
    {
        var prefix = name.Length - zone.Length;

        // Where the zone would begin must be a label of its first one's length: no letter, so case does not matter.
        return prefix >= 0 && name[prefix] == zone[0] && new NameSpan(name).IsSubdomainOf(new NameSpan(zone));
    }

    private T? FindAmongMany(NameSpan name, int labels)
    {
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

    private readonly record struct FewZone(byte[] Wire, int Labels, T Value);
}
