using System.Runtime.CompilerServices;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Core.Zones;

/// <summary>Adds NSEC records that prove what is not there (RFC 4035 §3.1.3), each once.</summary>
internal struct ZoneProofs(Zone zone)
{
    private const int MaxProofs = 24;

    private Nodes _added;
    private int _count;

    /// <summary>The type is not at the name.</summary>
    public void AddNoData<TSink>(ZoneNode node, ref TSink sink)
        where TSink : IZoneAnswerSink
    {
        // An empty non-terminal has no NSEC: the one before it shows that it is there, and without data.
        if (node.Find(RecordType.NSEC) is not null)
        {
            Add(node, ref sink);
        }
        else
        {
            AddDenial(node.Owner.Span, ref sink);
        }
    }

    /// <summary>Neither the name nor a wildcard for it exists.</summary>
    public void AddNXDomain<TSink>(NameSpan name, ZoneNode closestEncloser, ref TSink sink)
        where TSink : IZoneAnswerSink
    {
        AddDenial(name, ref sink);
        Span<byte> wildcard = stackalloc byte[NameSpan.MaxLength + 2];
        "\u0001*"u8.CopyTo(wildcard);
        var encloser = closestEncloser.Owner.Span;
        encloser.Wire.CopyTo(wildcard[2..]);
        AddDenial(new NameSpan(wildcard[..(encloser.Length + 2)]), ref sink);
    }

    /// <summary>The name does not exist.</summary>
    public void AddDenial<TSink>(NameSpan name, ref TSink sink)
        where TSink : IZoneAnswerSink
    {
        if (zone.FindDenial(name) is { } node)
        {
            Add(node, ref sink);
        }
    }

    private void Add<TSink>(ZoneNode node, ref TSink sink)
        where TSink : IZoneAnswerSink
    {
        ReadOnlySpan<ZoneNode?> added = _added;
        if (_count == MaxProofs || added[.._count].Contains(node))
        {
            return;
        }

        _added[_count++] = node;
        ZoneLookup.AddSet(ZoneSection.Authority, node, node.Find(RecordType.NSEC), node.Owner, dnssecOk: true, ref sink);
    }

    [InlineArray(MaxProofs)]
    private struct Nodes
    {
        private ZoneNode? _first;
    }
}
