using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Sign;

/// <summary>The RRsets of a zone on its way to being signed, in canonical order, and what of them is authoritative.</summary>
internal sealed class UnsignedZone(DnsName origin)
{
    private readonly SortedDictionary<DnsName, SortedDictionary<RecordType, List<ResourceRecord>>> _names = [];
    private List<(DnsName Owner, List<List<ResourceRecord>> Sets, bool IsAuthoritative)>? _ordered;

    /// <summary>The SOA records; null without any.</summary>
    public IReadOnlyList<ResourceRecord>? Soa => Find(origin, RecordType.SOA);

    /// <summary>
    /// The names with records in canonical order, their RRsets by type, the SOA first. What lies below a zone cut or a DNAME
    /// is not authoritative (RFC 4035 §2.3, RFC 6672 §2.4). Nothing may be added afterwards.
    /// </summary>
    public IReadOnlyList<(DnsName Owner, List<List<ResourceRecord>> Sets, bool IsAuthoritative)> Names => _ordered ??= Order();

    /// <summary>Adds a record, once; what signing makes itself and names outside the zone are left out.</summary>
    public void Add(in ResourceRecord record, bool isMade = false)
    {
        if (record.Class is not RecordClass.IN || !record.Owner.IsSubdomainOf(origin) || (!isMade && IsMade(record.Type)))
        {
            return;
        }

        if (!_names.TryGetValue(record.Owner, out var sets))
        {
            sets = [];
            _names.Add(record.Owner.ToLower(), sets);
        }

        if (!sets.TryGetValue(record.Type, out var set))
        {
            set = [];
            sets.Add(record.Type, set);
        }

        // One TTL for all records of a set (RFC 2181 §5.2): the first one's.
        set.Add(new ResourceRecord(
            record.Owner.ToLower(), record.Type, RecordClass.IN, set.Count > 0 ? set[0].Ttl : record.Ttl, record.Rdata));
    }

    /// <summary>Puts one record in place of a set at the apex.</summary>
    public void Replace(RecordType type, uint ttl, byte[] rdata) =>
        _names[origin][type] = [new ResourceRecord(origin.ToLower(), type, RecordClass.IN, ttl, rdata)];

    /// <summary>The name is delegated to another zone.</summary>
    public bool IsCut(DnsName owner) => owner != origin && Find(owner, RecordType.NS) is not null;

    private List<ResourceRecord>? Find(DnsName owner, RecordType type) =>
        _names.TryGetValue(owner, out var sets) && sets.TryGetValue(type, out var set) ? set : null;

    private List<(DnsName Owner, List<List<ResourceRecord>> Sets, bool IsAuthoritative)> Order()
    {
        var ordered = new List<(DnsName, List<List<ResourceRecord>>, bool)>(_names.Count);

        // In canonical order whatever lies below a name follows it.
        DnsName? barrier = null;
        foreach (var (owner, sets) in _names)
        {
            var isOccluded = barrier is not null && owner.IsSubdomainOf(barrier);
            if (!isOccluded && (IsCut(owner) || sets.ContainsKey(RecordType.DNAME)))
            {
                barrier = owner;
            }

            var inOrder = sets.OrderBy(static set => set.Key is RecordType.SOA ? RecordType.None : set.Key)
                .Select(static set => Distinct(set.Value))
                .ToList();
            ordered.Add((owner, inOrder, !isOccluded));
        }

        return ordered;
    }

    // A record that is there twice is there once (RFC 2181 §5).
    private static List<ResourceRecord> Distinct(List<ResourceRecord> set)
    {
        set.Sort(static (left, right) => left.Rdata.AsSpan().SequenceCompareTo(right.Rdata));
        var distinct = new List<ResourceRecord>(set.Count);
        foreach (var record in set)
        {
            if (distinct.Count == 0 || !distinct[^1].Rdata.AsSpan().SequenceEqual(record.Rdata))
            {
                distinct.Add(record);
            }
        }

        return distinct;
    }

    // A digest over the zone is void once it is signed, too (RFC 8976 §3).
    private static bool IsMade(RecordType type) => type is RecordType.RRSIG or RecordType.NSEC or RecordType.NSEC3
        or RecordType.NSEC3PARAM or RecordType.DNSKEY or RecordType.CDS or RecordType.CDNSKEY or RecordType.ZONEMD;
}
