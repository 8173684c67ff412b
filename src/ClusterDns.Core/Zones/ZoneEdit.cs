using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Core.Zones;

/// <summary>Makes the next version of a zone from one version and the steps of an incremental transfer (RFC 1995 §4).</summary>
public sealed class ZoneEdit(Zone start)
{
    // What differs from the start: the record as it is now, or null where it is gone.
    private readonly Dictionary<Key, ResourceRecord?> _changes = [];

    /// <summary>Takes a step. False: it does not fit, as a record that it removes is not there.</summary>
    public bool TryApply(ZoneDifference step)
    {
        foreach (var record in step.Removed)
        {
            var key = Key.Of(record);
            if (!Contains(key))
            {
                return false;
            }

            _changes[key] = null;
        }

        foreach (var record in step.Added)
        {
            _changes[Key.Of(record)] = record;
        }

        return true;
    }

    /// <param name="soa">The SOA of the version that the last step led to.</param>
    /// <param name="error">What cannot be served, where the result is false.</param>
    public bool TryBuild(ResourceRecord soa, [NotNullWhen(true)] out Zone? zone, out string error)
    {
        var builder = new ZoneBuilder(start.Origin);
        builder.Add(soa);
        foreach (var record in start.Records)
        {
            if (record.Type is not RecordType.SOA && !_changes.ContainsKey(Key.Of(record)))
            {
                builder.Add(record);
            }
        }

        foreach (var record in _changes.Values)
        {
            if (record is { } present)
            {
                builder.Add(present);
            }
        }

        return builder.TryBuild(out zone, out error);
    }

    private bool Contains(Key key) => _changes.TryGetValue(key, out var record)
        ? record is not null
        : start.Find(key.Owner, key.Type, key.Covered)?.Contains(key.Rdata) is true;

    private readonly record struct Key(DnsName Owner, RecordType Type, byte[] Rdata)
    {
        public RecordType Covered => Type is RecordType.RRSIG && Rdata.Length >= sizeof(ushort)
            ? (RecordType)BinaryPrimitives.ReadUInt16BigEndian(Rdata)
            : RecordType.None;

        public static Key Of(ResourceRecord record) =>
            new(record.Owner, record.Type, ZoneBuilder.ToLower(record.Type, record.Rdata));

        public bool Equals(Key other) =>
            Type == other.Type && Owner == other.Owner && Rdata.AsSpan().SequenceEqual(other.Rdata);

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            hash.Add(Owner);
            hash.Add(Type);
            hash.AddBytes(Rdata);
            return hash.ToHashCode();
        }
    }
}
