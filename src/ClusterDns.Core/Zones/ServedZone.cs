using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Core.Zones;

/// <summary>
/// One zone as it is served: what it holds now, and the last steps that led there. One writer at a time; readers never wait and
/// see the zone and its history as of one moment.
/// </summary>
/// <param name="origin">Lower-cased.</param>
public sealed class ServedZone(DnsName origin)
{
    private volatile State? _state;

    public DnsName Origin => origin;

    /// <summary>Null while there is no data.</summary>
    public Zone? Current => _state?.Zone;

    /// <summary>Serves another version from now on.</summary>
    public void Replace(Zone zone)
    {
        var before = _state;
        _state = new State(zone, before is null ? ZoneJournal.Empty : before.Journal.Add(before.Zone, zone));
    }

    /// <summary>Serves another version from now on, the difference being known already (an incremental transfer).</summary>
    public void Replace(Zone zone, IReadOnlyList<ZoneDifference> differences)
    {
        var journal = _state?.Journal ?? ZoneJournal.Empty;
        foreach (var difference in differences)
        {
            journal = journal.Add(difference, zone.RecordCount);
        }

        _state = new State(zone, journal);
    }

    /// <summary>Serves nothing from now on.</summary>
    public void Withdraw() => _state = null;

    /// <summary>Every record once, the SOA first and again last (RFC 5936 §2.2); none without data.</summary>
    public IEnumerable<ResourceRecord> ReadRecords() => Current is { } zone ? zone.Records.Append(zone.SoaRecord) : [];

    /// <summary>
    /// What a secondary with this serial lacks, in the order of RFC 1995 §4; null where that is not known any more. The SOA alone
    /// where it lacks nothing.
    /// </summary>
    public IEnumerable<ResourceRecord>? ReadChanges(uint since)
    {
        if (_state is not { } state)
        {
            return null;
        }

        if (SerialNumber.Compare(state.Zone.Serial, since) <= 0)
        {
            return [state.Zone.SoaRecord];
        }

        return state.Journal.Find(since, state.Zone.Serial) is { } differences ? Sequence(state.Zone, differences) : null;
    }

    private static IEnumerable<ResourceRecord> Sequence(Zone zone, IReadOnlyList<ZoneDifference> differences) =>
        differences
            .SelectMany(static step => step.Removed.Prepend(step.Before).Append(step.After).Concat(step.Added))
            .Prepend(zone.SoaRecord)
            .Append(zone.SoaRecord);

    private sealed record State(Zone Zone, ZoneJournal Journal);
}
