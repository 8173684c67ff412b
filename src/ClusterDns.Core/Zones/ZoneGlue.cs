using System.Runtime.CompilerServices;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Core.Zones;

/// <summary>Adds the addresses of names in an answer's RDATA, as far as they are in the zone, each once (RFC 1034 §4.3.2 step 6).</summary>
internal struct ZoneGlue(Zone zone, bool dnssecOk)
{
    // Names in one answer whose addresses are added; what comes behind them a client asks for.
    private const int MaxNames = 32;

    private Nodes _added;
    private int _count;

    /// <summary>Adds the addresses of what MX, SRV, SVCB, HTTPS and the apex's NS records point to.</summary>
    public void AddFor<TSink>(RRset set, ZoneName owner, ref TSink sink)
        where TSink : IZoneAnswerSink
    {
        if (set.Type is not (RecordType.MX or RecordType.SRV or RecordType.SVCB or RecordType.HTTPS)
            && !ReferenceEquals(set, zone.Apex.Find(RecordType.NS)))
        {
            return;
        }

        var prefix = RdataLayout.Of(set.Type).Prefix;
        foreach (var rdata in set)
        {
            if (WireName.TryMeasure(rdata[prefix..], out var length))
            {
                // '.' as the target of SVCB and HTTPS in ServiceMode is the owner itself (RFC 9460 §2.5.2).
                var isOwner = length == 1 && set.Type is RecordType.SVCB or RecordType.HTTPS;
                Add(isOwner ? owner.Span : new NameSpan(rdata.Slice(prefix, length)), zone.Origin.Span, ref sink);
            }
        }
    }

    /// <summary>Adds the addresses of name servers below a zone cut: without them it cannot be reached (RFC 9471 §3.1).</summary>
    public void AddForCut<TSink>(ZoneNode cut, ref TSink sink)
        where TSink : IZoneAnswerSink
    {
        foreach (var rdata in cut.Cut!) // It is a cut.
        {
            Add(new NameSpan(rdata), cut.Owner.Span, ref sink);
        }
    }

    private void Add<TSink>(NameSpan name, NameSpan ancestor, ref TSink sink)
        where TSink : IZoneAnswerSink
    {
        ReadOnlySpan<ZoneNode?> added = _added;
        if (_count == MaxNames || !name.IsSubdomainOf(ancestor) || zone.FindNode(name) is not { } node
            || added[.._count].Contains(node))
        {
            return;
        }

        _added[_count++] = node;
        ZoneLookup.AddSet(ZoneSection.Additional, node, node.Find(RecordType.A), node.Owner, dnssecOk, ref sink);
        ZoneLookup.AddSet(ZoneSection.Additional, node, node.Find(RecordType.AAAA), node.Owner, dnssecOk, ref sink);
    }

    [InlineArray(MaxNames)]
    private struct Nodes
    {
        private ZoneNode? _first;
    }
}
