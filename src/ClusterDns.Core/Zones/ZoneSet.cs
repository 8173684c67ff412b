using ClusterDns.Protocol.Names;

namespace ClusterDns.Core.Zones;

/// <summary>A few zones, as a directive names them: does a name lie in one of them?</summary>
public sealed class ZoneSet(IReadOnlyList<DnsName> zones)
{
    // Of its own: each query asks for the elements, and an array's cost no dispatch.
    private readonly DnsName[] _zones = [.. zones];
    private readonly bool _holdsAll = zones.Any(static zone => zone.IsRoot);

    public static ZoneSet None { get; } = new([]);

    /// <summary>Every name.</summary>
    public static ZoneSet All { get; } = new([DnsName.Root]);

    public IReadOnlyList<DnsName> Zones => _zones;

    public bool Contains(NameSpan name) => _holdsAll || Find(name) is not null;

    /// <summary>The longest zone that the name lies in; null where it lies in none.</summary>
    public DnsName? Find(NameSpan name)
    {
        DnsName? longest = null;
        foreach (var zone in _zones)
        {
            if ((longest is null || zone.Wire.Length > longest.Wire.Length) && name.IsSubdomainOf(zone.Span))
            {
                longest = zone;
            }
        }

        return longest;
    }
}
