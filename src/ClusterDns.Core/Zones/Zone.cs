using System.Buffers.Binary;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Core.Zones;

/// <summary>One zone, immutable: made by <see cref="ZoneBuilder"/>, searched by <see cref="ZoneLookup"/>.</summary>
public sealed class Zone
{
    private readonly Dictionary<DnsName, ZoneNode> _nodes;
    private readonly Dictionary<DnsName, ZoneNode>.AlternateLookup<NameSpan> _lookup;

    // The names with an NSEC, in canonical order (RFC 4034 §6.1).
    private readonly ZoneNode[] _denials;

    internal Zone(DnsName origin, Dictionary<DnsName, ZoneNode> nodes, ZoneNode[] denials, int ignoredCount)
    {
        Origin = origin;
        _nodes = nodes;
        _lookup = nodes.GetAlternateLookup<NameSpan>();
        _denials = denials;
        Apex = nodes[origin];
        Soa = Apex.Find(RecordType.SOA) ?? throw new ArgumentException("a zone has a SOA", nameof(nodes));
        IgnoredCount = ignoredCount;
        IsApexBare = Array.TrueForAll(Apex.Sets, static set => set.Type is RecordType.SOA or RecordType.NS);
        foreach (var node in nodes.Values)
        {
            RecordCount += node.RecordCount;
        }
    }

    /// <summary>In lower case.</summary>
    public DnsName Origin { get; }

    public RRset Soa { get; }

    /// <summary>The SERIAL (RFC 1035 §3.3.13), compared by RFC 1982.</summary>
    public uint Serial => BinaryPrimitives.ReadUInt32BigEndian(Soa.Rdata.AsSpan(^20));

    /// <summary>Seconds after which a secondary asks for something newer.</summary>
    public uint Refresh => BinaryPrimitives.ReadUInt32BigEndian(Soa.Rdata.AsSpan(^16));

    /// <summary>Seconds after which it asks again where nobody answered.</summary>
    public uint Retry => BinaryPrimitives.ReadUInt32BigEndian(Soa.Rdata.AsSpan(^12));

    /// <summary>Seconds after which it ceases to answer where nobody did.</summary>
    public uint Expire => BinaryPrimitives.ReadUInt32BigEndian(Soa.Rdata.AsSpan(^8));

    /// <summary>The zone has NSEC records that can prove what is not there.</summary>
    public bool IsSigned => _denials.Length > 0;

    /// <summary>Records that were left out, as their owner is not in the zone.</summary>
    public int IgnoredCount { get; }

    /// <summary>Nothing stands at the apex but what every zone has there: SOA and NS.</summary>
    public bool IsApexBare { get; }

    /// <summary>Records, the SOA included.</summary>
    public int RecordCount { get; }

    /// <summary>The SOA, which a zone has once.</summary>
    public ResourceRecord SoaRecord => new(Origin, Soa.Type, Soa.Class, Soa.Ttl, Soa.Rdata[sizeof(ushort)..]);

    /// <summary>Every record of the zone, in the order of <see cref="RRsets"/>.</summary>
    public IEnumerable<ResourceRecord> Records
    {
        get
        {
            foreach (var (owner, set) in RRsets)
            {
                for (var offset = 0; offset < set.Rdata.Length;)
                {
                    var length = BinaryPrimitives.ReadUInt16BigEndian(set.Rdata.AsSpan(offset));
                    offset += sizeof(ushort);
                    yield return new ResourceRecord(owner, set.Type, set.Class, set.Ttl, set.Rdata[offset..(offset + length)]);
                    offset += length;
                }
            }
        }
    }

    internal ZoneNode Apex { get; }

    /// <summary>Every RRset of the zone, glue and RRSIGs included; the SOA comes first (RFC 5936 §2.2).</summary>
    public IEnumerable<(DnsName Owner, RRset RRset)> RRsets
    {
        get
        {
            yield return (Origin, Soa);
            foreach (var node in _nodes.Values)
            {
                foreach (var set in node.Sets)
                {
                    if (!ReferenceEquals(set, Soa))
                    {
                        yield return (node.Owner, set);
                    }
                }

                foreach (var signature in node.Signatures)
                {
                    if (signature is not null)
                    {
                        yield return (node.Owner, signature);
                    }
                }
            }
        }
    }

    /// <summary>The set of an owner; among RRSIGs the one over <paramref name="covered"/>. Null where there is none.</summary>
    public RRset? Find(DnsName owner, RecordType type, RecordType covered = RecordType.None)
    {
        if (FindNode(owner.Span) is not { } node)
        {
            return null;
        }

        return type is RecordType.RRSIG
            ? Array.Find(node.Signatures, signature => signature?.Covered == covered)
            : node.Find(type);
    }

    internal ZoneNode? FindNode(NameSpan name) => _lookup.TryGetValue(name, out var node) ? node : null;

    /// <summary>
    /// The closest encloser of a name in the zone (RFC 4592 §3.3.1). From the apex down, so the work is bounded by what the
    /// zone holds, not by what is asked.
    /// </summary>
    internal ZoneNode FindClosestEncloser(NameSpan name)
    {
        Span<byte> offsets = stackalloc byte[128];
        var label = name.LabelOffsets(offsets) - Origin.LabelCount;
        var closest = Apex;
        while (label > 0 && FindNode(new NameSpan(name.Wire[offsets[--label]..])) is { } node)
        {
            closest = node;
        }

        return closest;
    }

    /// <summary>The last name with an NSEC that is not behind <paramref name="name"/> in canonical order.</summary>
    internal ZoneNode? FindDenial(NameSpan name)
    {
        var low = 0;
        var high = _denials.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (_denials[middle].Owner.Span.CompareTo(name) <= 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return high < 0 ? null : _denials[high];
    }
}
