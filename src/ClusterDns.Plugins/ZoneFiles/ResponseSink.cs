using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.ZoneFiles;

/// <summary>Puts what a search finds into a response. Owners are told as the zone has them, in lower case.</summary>
internal readonly struct ResponseSink(QueryContext query) : IZoneAnswerSink
{
    public void Add(ZoneSection section, ZoneName owner, RRset rrset) => SectionOf(section).Add(OwnerOf(owner), rrset);

    public void AddSynthesizedCname(ZoneName owner, uint ttl, ZoneName target) => query.Response.Answer.Add(new ResponseRecord(
        OwnerOf(owner), RecordType.CNAME, RecordClass.IN, ttl, target.Buffer, target.Offset, target.Length));

    public ZoneName Keep(NameSpan name)
    {
        var buffer = query.Response.Copy(name.Wire, out var offset);
        return new ZoneName(buffer, offset, name.Length);
    }

    private ResponseSection SectionOf(ZoneSection section) => section switch
    {
        ZoneSection.Answer => query.Response.Answer,
        ZoneSection.Authority => query.Response.Authority,
        _ => query.Response.Additional,
    };

    // What is asked for in lower case can stand for the question's name, which costs a pointer in the message.
    private NameRef OwnerOf(ZoneName owner) => owner.Span.SequenceEqual(query.Name)
        ? NameRef.QueryName
        : new NameRef(owner.Buffer, owner.Offset, owner.Length);
}
