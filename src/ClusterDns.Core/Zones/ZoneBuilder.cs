using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Core.Zones;

/// <summary>Collects the records of a zone in any order and makes a <see cref="Zone"/> of them.</summary>
public sealed class ZoneBuilder(DnsName origin)
{
    private readonly DnsName _origin = origin.ToLower();
    private readonly Dictionary<DnsName, List<ZoneBuilderSet>> _names = new(DnsNameComparer.Instance);
    private int _ignored;

    /// <summary>Adds a record. One that is there already is dropped (RFC 2181 §5); one outside the zone is ignored.</summary>
    public void Add(in ResourceRecord record)
    {
        if (record.Class != RecordClass.IN || !record.Owner.Span.IsSubdomainOf(_origin.Span))
        {
            _ignored++;
            return;
        }

        if (!_names.TryGetValue(record.Owner, out var sets))
        {
            sets = [];
            _names.Add(record.Owner.ToLower(), sets);
        }

        var covered = record.Type == RecordType.RRSIG && record.Rdata.Length >= sizeof(ushort)
            ? (RecordType)BinaryPrimitives.ReadUInt16BigEndian(record.Rdata)
            : RecordType.None;
        var type = record.Type;
        var set = sets.Find(other => other.Type == type && other.Covered == covered);
        if (set is null)
        {
            set = new ZoneBuilderSet(type, covered, record.Ttl);
            sets.Add(set);
        }

        set.Add(record.Ttl, ToLower(record.Type, record.Rdata));
    }

    /// <param name="error">What is missing or cannot be served, where the result is false.</param>
    public bool TryBuild([NotNullWhen(true)] out Zone? zone, out string error)
    {
        zone = null;
        error = Check();
        if (error.Length > 0)
        {
            return false;
        }

        var nodes = new Dictionary<DnsName, ZoneNode>(_names.Count, DnsNameComparer.Instance);
        foreach (var (owner, sets) in _names)
        {
            nodes.Add(owner, ToNode(owner, sets));
        }

        foreach (var owner in _names.Keys)
        {
            AddEmptyNonTerminals(nodes, owner);
        }

        foreach (var node in nodes.Values)
        {
            Link(nodes, node);
        }

        foreach (var node in nodes.Values)
        {
            node.Barrier = FindBarrier(nodes, node);
        }

        var denials = nodes.Values.Where(static node => node.Find(RecordType.NSEC) is not null)
            .OrderBy(static node => node.Owner)
            .ToArray();
        zone = new Zone(_origin, nodes, denials, _ignored);
        return true;
    }

    private string Check()
    {
        var soa = _names.TryGetValue(_origin, out var apex) ? apex.Find(static set => set.Type == RecordType.SOA) : null;
        if (soa is null)
        {
            return $"found no SOA record at {_origin}, expected one";
        }

        if (soa.Rdata.Count > 1)
        {
            return $"found {soa.Rdata.Count} SOA records at {_origin}, expected one";
        }

        // Its proofs would have to be computed for each answer; without them the zone would be bogus (RFC 5155 §7.2).
        return _names.Values.Any(static sets => sets.Exists(static set => set.Type is RecordType.NSEC3 or RecordType.NSEC3PARAM))
            ? "found NSEC3 records, expected a zone signed with NSEC or not at all"
            : "";
    }

    private static ZoneNode ToNode(DnsName owner, List<ZoneBuilderSet> sets)
    {
        var data = sets.FindAll(static set => set.Type != RecordType.RRSIG);
        var signatures = sets.FindAll(static set => set.Type == RecordType.RRSIG);
        var rrsets = data.ConvertAll(static set => set.ToRRset()).ToArray();
        if (signatures.Count == 0)
        {
            return new ZoneNode(owner, rrsets, []);
        }

        var covering = data.ConvertAll(set => signatures.Find(signature => signature.Covered == set.Type)?.ToRRset());
        covering.AddRange(signatures.FindAll(signature => !data.Exists(set => set.Type == signature.Covered)).ConvertAll(static set => set.ToRRset()));
        return new ZoneNode(owner, rrsets, [.. covering]);
    }

    // Names above a name exist, if only as empty non-terminals (RFC 8020 §2, RFC 4592 §2.2.2).
    private void AddEmptyNonTerminals(Dictionary<DnsName, ZoneNode> nodes, DnsName owner)
    {
        var labels = owner.LabelCount - _origin.LabelCount;
        for (var name = owner.Span; labels > 1; labels--)
        {
            name = name.Parent;
            var ancestor = name.ToName();
            if (!nodes.TryAdd(ancestor, new ZoneNode(ancestor, [], [])))
            {
                return;
            }
        }
    }

    private void Link(Dictionary<DnsName, ZoneNode> nodes, ZoneNode node)
    {
        if (node.Owner == _origin)
        {
            return;
        }

        node.Cut = node.Find(RecordType.NS);
        if (node.Owner.Span.FirstLabel.SequenceEqual("*"u8))
        {
            nodes.GetAlternateLookup<NameSpan>()[node.Owner.Span.Parent].Wildcard = node;
        }
    }

    private ZoneNode? FindBarrier(Dictionary<DnsName, ZoneNode> nodes, ZoneNode node)
    {
        var lookup = nodes.GetAlternateLookup<NameSpan>();
        ZoneNode? topmost = null;
        var labels = node.Owner.LabelCount - _origin.LabelCount;
        for (var name = node.Owner.Span; labels >= 0; labels--)
        {
            var ancestor = lookup[name];
            topmost = ancestor.Cut is not null || ancestor.Dname is not null ? ancestor : topmost;
            name = name.Parent;
        }

        return topmost;
    }

    // Names that lookups follow are kept in lower case; signatures cover that form (RFC 4034 §6.2).
    internal static byte[] ToLower(RecordType type, byte[] rdata)
    {
        if (type is not (RecordType.NS or RecordType.SOA or RecordType.CNAME or RecordType.DNAME or RecordType.MX or RecordType.SRV))
        {
            return rdata;
        }

        var layout = RdataLayout.Of(type);
        var lower = (byte[])rdata.Clone();
        var names = lower.AsSpan(layout.Prefix, lower.Length - layout.Prefix - layout.Tail);
        OctetCase.ToLower(names, names);
        return lower;
    }
}
