using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Core.Zones;

/// <summary>
/// Offers whole zones for transfer (RFC 5936): exported by the directive that serves them
/// (<see cref="Pipeline.BlockContext.Export"/>), found by <c>transfer</c>.
/// </summary>
public interface IZoneTransferSource
{
    /// <summary>Apexes of the zones offered now, lower-cased.</summary>
    IReadOnlyList<DnsName> Zones { get; }

    /// <summary>
    /// The zone's serial; null where the zone is not one of <see cref="Zones"/> or its data is not there yet.
    /// </summary>
    uint? FindSerial(DnsName zone);

    /// <summary>
    /// Every record once, the SOA first and again last (RFC 5936 §2.2), its serial the one of the moment of the call;
    /// read as it is sent. Empty where <see cref="FindSerial"/> is null.
    /// </summary>
    IEnumerable<ResourceRecord> ReadRecords(DnsName zone);

    /// <summary>
    /// What a secondary with an older serial lacks: the records of an incremental transfer (RFC 1995 §4) in order, read as they are
    /// sent; the SOA alone where it lacks nothing. Null where only the whole zone can be told.
    /// </summary>
    IEnumerable<ResourceRecord>? ReadChanges(DnsName zone, uint since) => null;
}
