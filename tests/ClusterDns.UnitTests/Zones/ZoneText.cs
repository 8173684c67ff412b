using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Presentation;
using ClusterDns.Protocol.Records;
using Xunit;

namespace ClusterDns.UnitTests.Zones;

/// <summary>Zones and what is found in them, as text.</summary>
internal static class ZoneText
{
    public static Zone Read(string origin, string masterFile)
    {
        var builder = new ZoneBuilder(DnsName.Parse(origin));
        using var reader = new MasterFileReader(new StringReader(masterFile), "test", DnsName.Parse(origin));
        while (reader.TryRead(out var record))
        {
            builder.Add(record);
        }

        Assert.Equal("", reader.Error);
        Assert.True(builder.TryBuild(out var zone, out var error), error);
        return zone;
    }

    /// <summary>Asks <c>name TYPE</c>, with <c>+do</c> behind it for DNSSEC, and writes what comes: outcome, then a record a line.</summary>
    public static string Ask(Zone zone, string question)
    {
        var words = question.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(RecordTypeText.TryParse(words[1], out var type), words[1]);
        var sink = new TextSink();
        var answer = ZoneLookup.Find(zone, DnsName.Parse(words[0]).ToLower().Span, type, words.Length > 2, ref sink);
        return string.Join('\n', sink.Lines.OrderBy(static line => "anauad".IndexOf(line[..2], StringComparison.Ordinal)).Prepend(answer.Outcome + (answer.IsEmptyNonTerminal ? " ent" : "")));
    }

    private sealed class TextSink : IZoneAnswerSink
    {
        public List<string> Lines { get; } = [];

        public void Add(ZoneSection section, ZoneName owner, RRset rrset)
        {
            foreach (var rdata in rrset)
            {
                Lines.Add(Short(section) + RecordText.Format(owner.Span, rrset.Type, rrset.Class, rrset.Ttl, rdata));
            }
        }

        public void AddSynthesizedCname(ZoneName owner, uint ttl, ZoneName target) =>
            Lines.Add(Short(ZoneSection.Answer) + RecordText.Format(owner.Span, RecordType.CNAME, RecordClass.IN, ttl, target.Span.Wire));

        public ZoneName Keep(NameSpan name) => name.ToName();

        private static string Short(ZoneSection section) => section switch
        {
            ZoneSection.Answer => "an ",
            ZoneSection.Authority => "au ",
            _ => "ad ",
        };
    }
}
