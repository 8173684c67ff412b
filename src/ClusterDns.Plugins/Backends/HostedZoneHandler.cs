using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Plugins.ZoneFiles;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Backends;

/// <summary>Answers from zones that a provider hosts.</summary>
internal sealed class HostedZoneHandler(IQueryHandler next, ZoneResponder responder, HostedZones zones) : IQueryHandler
{
    private readonly ZoneTable<HostedZone[]> _table = zones.Table;

    /// <summary>One step for each occurrence of a directive, the first in front.</summary>
    public static PluginFactory Create(
        string name, IReadOnlyList<(HostedZones Zones, ZoneSet Fallthrough)> occurrences, BlockContext block) => next =>
    {
        foreach (var (zones, fallthrough) in occurrences.Reverse())
        {
            next = new HostedZoneHandler(next, ZoneResponder.Create(name, next, fallthrough, block), zones);
        }

        return next;
    };

    public ValueTask HandleAsync(QueryContext query)
    {
        if (_table.Find(query.LowerName) is not { } hosted)
        {
            return next.HandleAsync(query);
        }

        var version = StateVersion.Of(zones);
        return Choose(hosted, query) is { } zone ? responder.Answer(query, zone, version) : responder.FailUnready(query);
    }

    // Several zones may have one name (a public and a private one): the first that knows the name answers.
    private static Zone? Choose(HostedZone[] hosted, QueryContext query)
    {
        for (var index = 0; index < hosted.Length - 1; index++)
        {
            if (hosted[index].Data is { } zone)
            {
                var sink = default(Probe);
                if (ZoneLookup.Find(zone, query.LowerName, query.Type, dnssecOk: false, ref sink).Outcome is not ZoneOutcome.NXDomain)
                {
                    return zone;
                }
            }
        }

        return hosted[^1].Data;
    }

    // Looks without keeping anything.
    private struct Probe : IZoneAnswerSink
    {
        private byte[]? _kept;

        public readonly void Add(ZoneSection section, ZoneName owner, RRset rrset)
        {
        }

        public readonly void AddSynthesizedCname(ZoneName owner, uint ttl, ZoneName target)
        {
        }

        // Only for a DNAME, which providers do not host.
        public ZoneName Keep(NameSpan name)
        {
            _kept = name.Wire.ToArray();
            return new ZoneName(_kept, 0, _kept.Length);
        }
    }
}
