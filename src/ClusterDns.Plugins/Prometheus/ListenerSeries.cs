using System.Runtime.CompilerServices;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Plugins.Prometheus;

/// <summary>The zones of a block on one listening address. Zones are found by reference: the router hands out the keys' own.</summary>
internal sealed class ListenerSeries(Func<DnsName, ZoneSeries> create)
{
    private readonly Lock _gate = new();
    private volatile Dictionary<DnsName, ZoneSeries> _zones = new(ReferenceEqualityComparer.Instance);

    // The zone that was asked for first: of most blocks the only one, and found without hashing.
    private volatile FirstZone? _first;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ZoneSeries For(DnsName zone)
    {
        if (_first is { } first && ReferenceEquals(first.Zone, zone))
        {
            return first.Series;
        }

        return _zones.TryGetValue(zone, out var series) ? series : Add(zone);
    }

    private ZoneSeries Add(DnsName zone)
    {
        lock (_gate)
        {
            if (!_zones.TryGetValue(zone, out var series))
            {
                series = create(zone);
                _zones = new Dictionary<DnsName, ZoneSeries>(_zones, ReferenceEqualityComparer.Instance) { [zone] = series };
                _first ??= new FirstZone(zone, series);
            }

            return series;
        }
    }

    private sealed record FirstZone(DnsName Zone, ZoneSeries Series);
}
