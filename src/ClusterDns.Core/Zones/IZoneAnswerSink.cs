using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Core.Zones;

/// <summary>Takes what <see cref="ZoneLookup"/> finds, in the order of the response.</summary>
public interface IZoneAnswerSink
{
    void Add(ZoneSection section, ZoneName owner, RRset rrset);

    /// <summary>Adds the CNAME that a DNAME stands for (RFC 6672 §3.1) to the answer.</summary>
    void AddSynthesizedCname(ZoneName owner, uint ttl, ZoneName target);

    /// <summary>Copies a name to where it lives as long as the answer.</summary>
    ZoneName Keep(NameSpan name);
}
