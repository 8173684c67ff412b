using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Core.Zones;

/// <summary>Searches a zone (RFC 1034 §4.3.2, RFC 4592, RFC 6672, RFC 4035 §3.1). Allocates nothing.</summary>
public static class ZoneLookup
{
    /// <summary>Fills <paramref name="sink"/> with the whole answer.</summary>
    /// <param name="name">In lower case, in the zone, and valid until this returns.</param>
    /// <param name="dnssecOk">Add RRSIGs, and the NSEC records that prove what is not there.</param>
    public static ZoneAnswer Find<TSink>(Zone zone, NameSpan name, RecordType type, bool dnssecOk, ref TSink sink)
        where TSink : IZoneAnswerSink
    {
        ArgumentNullException.ThrowIfNull(zone);
        return new ZoneSearch(zone, type, dnssecOk).Run(name, ref sink);
    }

    /// <summary>Adds the NS set of the apex to the authority section, as a complete answer has it.</summary>
    public static void AddApexNs<TSink>(Zone zone, bool dnssecOk, ref TSink sink)
        where TSink : IZoneAnswerSink
    {
        ArgumentNullException.ThrowIfNull(zone);
        AddSet(ZoneSection.Authority, zone.Apex, zone.Apex.Find(RecordType.NS), zone.Origin, dnssecOk, ref sink);
    }

    /// <summary>Adds the SOA to the authority section, as a negative answer has it; its TTL is sent as it is.</summary>
    public static void AddSoa<TSink>(Zone zone, bool dnssecOk, ref TSink sink)
        where TSink : IZoneAnswerSink
    {
        ArgumentNullException.ThrowIfNull(zone);
        AddSet(ZoneSection.Authority, zone.Apex, zone.Soa, zone.Origin, dnssecOk, ref sink);
    }

    internal static void AddSet<TSink>(
        ZoneSection section, ZoneNode node, RRset? set, ZoneName owner, bool dnssecOk, ref TSink sink)
        where TSink : IZoneAnswerSink
    {
        if (set is null)
        {
            return;
        }

        sink.Add(section, owner, set);
        if (dnssecOk && node.SignatureOf(set) is { } signature)
        {
            sink.Add(section, owner, signature);
        }
    }
}
