using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Hosts;

/// <summary>Names and addresses of a hosts file and of inline lines, ready to answer from. Immutable.</summary>
internal sealed class HostsTable
{
    private readonly Dictionary<DnsName, HostAddresses> _names;
    private readonly Dictionary<DnsName, HostAddresses> _wildcards;
    private readonly Dictionary<DnsName, RRset> _reverse;

    private HostsTable(
        Dictionary<DnsName, HostAddresses> names, Dictionary<DnsName, HostAddresses> wildcards, Dictionary<DnsName, RRset> reverse, int count)
    {
        _names = names;
        _wildcards = wildcards;
        _reverse = reverse;
        Count = count;
    }

    /// <summary>Addresses over all names and names over all addresses: what <c>coredns_hosts_entries</c> shows.</summary>
    public int Count { get; }

    /// <param name="ttl">Seconds, for every record.</param>
    public static HostsTable Build(IEnumerable<HostsLine> lines, ZoneSet zones, bool hasReverse, uint ttl)
    {
        var names = new Dictionary<DnsName, List<IPAddressValue>>(DnsNameComparer.Instance);
        var wildcards = new Dictionary<DnsName, List<IPAddressValue>>(DnsNameComparer.Instance);
        var reverse = new Dictionary<DnsName, List<byte[]>>(DnsNameComparer.Instance);
        foreach (var line in lines)
        {
            foreach (var name in line.Names)
            {
                if (!zones.Contains(name.Span))
                {
                    continue;
                }

                if (name.Span.FirstLabel is [(byte)'*'])
                {
                    ListOf(wildcards, name.Span.Parent.ToName()).Add(line.Address);
                    continue;
                }

                ListOf(names, name).Add(line.Address);
                if (hasReverse)
                {
                    ListOf(reverse, ReverseName.Of(line.Address)).Add(name.Wire);
                }
            }
        }

        var count = names.Values.Sum(static list => list.Count) + wildcards.Values.Sum(static list => list.Count)
            + reverse.Values.Sum(static list => list.Count);
        return new HostsTable(
            names.ToDictionary(static entry => entry.Key, entry => HostAddresses.Create(entry.Value, ttl), DnsNameComparer.Instance),
            wildcards.ToDictionary(static entry => entry.Key, entry => HostAddresses.Create(entry.Value, ttl), DnsNameComparer.Instance),
            reverse.ToDictionary(
                static entry => entry.Key, entry => RRset.Create(RecordType.PTR, ttl, entry.Value), DnsNameComparer.Instance),
            count);
    }

    /// <summary>A name's addresses: its own, else those of <c>*.</c> its parent; null where there are none.</summary>
    public HostAddresses? Find(NameSpan name)
    {
        if (_names.GetAlternateLookup<NameSpan>().TryGetValue(name, out var own))
        {
            return own;
        }

        return !name.IsRoot && _wildcards.GetAlternateLookup<NameSpan>().TryGetValue(name.Parent, out var wildcard) ? wildcard : null;
    }

    /// <summary>PTR records of a reverse name; null where its address is not listed.</summary>
    public RRset? FindReverse(NameSpan name) => _reverse.GetAlternateLookup<NameSpan>().TryGetValue(name, out var rrset) ? rrset : null;

    private static List<T> ListOf<T>(Dictionary<DnsName, List<T>> table, DnsName name) =>
        table.TryGetValue(name, out var list) ? list : table[name] = [];
}
