using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Core.Zones;

/// <summary>One name of a zone and its RRsets; without any it is an empty non-terminal.</summary>
internal sealed class ZoneNode(DnsName owner, RRset[] sets, RRset?[] signatures)
{
    /// <summary>In lower case.</summary>
    public DnsName Owner { get; } = owner;

    /// <summary>Every RRset but the RRSIGs.</summary>
    public RRset[] Sets { get; } = sets;

    /// <summary>The RRSIGs that cover the set of the same index; behind those, RRSIGs that cover nothing here.</summary>
    public RRset?[] Signatures { get; } = signatures;

    public RRset? Cname { get; } = FindIn(sets, RecordType.CNAME);

    public RRset? Dname { get; } = FindIn(sets, RecordType.DNAME);

    /// <summary>The NS set of a zone cut (RFC 1034 §4.2); null elsewhere and at the apex.</summary>
    public RRset? Cut { get; set; }

    /// <summary>
    /// The topmost name from the apex down to this one, this one included, that has a zone cut or a DNAME; what lies below
    /// that name is occluded.
    /// </summary>
    public ZoneNode? Barrier { get; set; }

    /// <summary>The wildcard directly below this name (RFC 4592 §2.1.1).</summary>
    public ZoneNode? Wildcard { get; set; }

    public int RecordCount
    {
        get
        {
            var count = 0;
            foreach (var set in Sets)
            {
                count += set.Count;
            }

            foreach (var signature in Signatures)
            {
                count += signature?.Count ?? 0;
            }

            return count;
        }
    }

    public RRset? Find(RecordType type) => FindIn(Sets, type);

    /// <summary>The RRSIGs over a set of this name.</summary>
    public RRset? SignatureOf(RRset set) => Signatures.Length == 0 ? null : Signatures[Array.IndexOf(Sets, set)];

    private static RRset? FindIn(RRset[] sets, RecordType type)
    {
        foreach (var set in sets)
        {
            if (set.Type == type)
            {
                return set;
            }
        }

        return null;
    }
}
