using System.Buffers.Binary;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Core.Zones;

/// <summary>One step from a version of a zone to the next (RFC 1995 §2).</summary>
/// <param name="Before">The SOA of the version before.</param>
/// <param name="After">The SOA of the version after.</param>
/// <param name="Removed">Records that the version after lacks, without the SOA.</param>
/// <param name="Added">Records that the version before lacked, without the SOA.</param>
public sealed record ZoneDifference(
    ResourceRecord Before, ResourceRecord After, IReadOnlyList<ResourceRecord> Removed, IReadOnlyList<ResourceRecord> Added)
{
    public uint From => SerialOf(Before);

    public uint To => SerialOf(After);

    /// <summary>Records that telling the step takes.</summary>
    public int Count => Removed.Count + Added.Count + 2;

    /// <summary>What is in one version and not in the other; a record whose TTL changed is removed and added.</summary>
    public static ZoneDifference Between(Zone before, Zone after)
    {
        var removed = new List<ResourceRecord>();
        var added = new List<ResourceRecord>();
        AddMissing(before, after, removed);
        AddMissing(after, before, added);
        return new ZoneDifference(before.SoaRecord, after.SoaRecord, removed, added);
    }

    /// <summary>The serial of a SOA record.</summary>
    public static uint SerialOf(ResourceRecord soa) => BinaryPrimitives.ReadUInt32BigEndian(soa.Rdata.AsSpan(^20));

    private static void AddMissing(Zone from, Zone to, List<ResourceRecord> missing)
    {
        foreach (var (owner, set) in from.RRsets)
        {
            if (ReferenceEquals(set, from.Soa))
            {
                continue;
            }

            var other = to.Find(owner, set.Type, set.Covered);
            foreach (var rdata in set)
            {
                if (other is null || other.Ttl != set.Ttl || !other.Contains(rdata))
                {
                    missing.Add(new ResourceRecord(owner, set.Type, set.Class, set.Ttl, rdata.ToArray()));
                }
            }
        }
    }
}
