using System.Text;
using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Secondary;

/// <summary>What a catalog zone says (RFC 9432 §4).</summary>
/// <param name="Members">Each zone's name with its identifier in the catalog.</param>
/// <param name="NewOwners">Where an identifier's zone is handed over to another catalog (§4.3.1), that one.</param>
internal sealed record CatalogContents(
    IReadOnlyDictionary<DnsName, string> Members, IReadOnlyDictionary<string, DnsName> NewOwners)
{
    /// <summary>Zones of the largest catalog that is taken.</summary>
    public const int MaxMembers = 100_000;

    /// <summary>Null where the catalog is broken and must not be processed (RFC 9432 §3); <paramref name="error"/> says why.</summary>
    public static CatalogContents? Read(Zone catalog, out string error)
    {
        var members = new Dictionary<DnsName, string>(DnsNameComparer.Instance);
        var newOwners = new Dictionary<string, DnsName>(StringComparer.Ordinal);
        var labels = catalog.Origin.LabelCount;
        var isVersioned = false;
        foreach (var (owner, set) in catalog.RRsets)
        {
            var below = Labels(owner, labels);
            switch (below)
            {
                case ["version"] when set.Type is RecordType.TXT:
                    isVersioned = set.Count == 1 && IsVersion2(set);
                    break;
                case [var id, "zones"] when set.Type is RecordType.PTR:
                    if (set.Count != 1 || !members.TryAdd(TargetOf(set), id) || members.Count > MaxMembers)
                    {
                        error = $"member {id} is not one zone that is named once, or there are more than {MaxMembers}";
                        return null;
                    }

                    break;
                case ["coo", var id, "zones"] when set.Type is RecordType.PTR:
                    if (set.Count != 1)
                    {
                        error = $"member {id} has {set.Count} new catalogs";
                        return null;
                    }

                    newOwners[id] = TargetOf(set);
                    break;
            }
        }

        error = isVersioned ? "" : "it is not of version 2";
        return isVersioned ? new CatalogContents(members, newOwners) : null;
    }

    private static bool IsVersion2(RRset set)
    {
        foreach (var rdata in set)
        {
            return rdata.SequenceEqual("\u00012"u8);
        }

        return false;
    }

    private static DnsName TargetOf(RRset set)
    {
        var rdata = set.GetEnumerator();
        _ = rdata.MoveNext();
        return WireName.TryMeasure(rdata.Current, out var length)
            ? new NameSpan(rdata.Current[..length]).ToName().ToLower()
            : DnsName.Root;
    }

    // The labels of a name below the catalog, which is kept in lower case.
    private static string[] Labels(DnsName owner, int catalogLabels)
    {
        var labels = new string[owner.LabelCount - catalogLabels];
        var name = owner.Span;
        for (var index = 0; index < labels.Length; index++)
        {
            labels[index] = Encoding.Latin1.GetString(name.FirstLabel);
            name = name.Parent;
        }

        return labels;
    }
}
