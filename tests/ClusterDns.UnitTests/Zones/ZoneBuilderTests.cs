using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;
using Xunit;

namespace ClusterDns.UnitTests.Zones;

public sealed class ZoneBuilderTests
{
    private const string Soa = "@ 9 SOA ns h 7 2 3 4 5\n";

    [Fact]
    public void TryBuild_needs_one_SOA_at_the_apex()
    {
        Assert.False(new ZoneBuilder(DnsName.Parse("example.")).TryBuild(out _, out var error));
        Assert.Equal("found no SOA record at example., expected one", error);
    }

    // RFC 2181 §5 and §5.2: no record twice, one TTL for the set.
    [Fact]
    public void A_set_has_each_record_once_and_the_lowest_TTL() => Assert.StartsWith(
        "Success\nan a.example. 10 IN A 192.0.2.1\nan a.example. 10 IN A 192.0.2.2\n",
        ZoneText.Ask(ZoneText.Read("example.", Soa + "a 20 A 192.0.2.1\na 10 A 192.0.2.2\na 30 A 192.0.2.1"), "a.example. A") + "\n",
        StringComparison.Ordinal);

    [Fact]
    public void A_large_set_has_each_record_once_too()
    {
        var lines = string.Concat(Enumerable.Range(0, 600).Select(static n => $"a 1 A 192.0.2.{n % 200}\n"));
        Assert.Equal(200, ZoneText.Read("example.", Soa + lines).RRsets.Last().RRset.Count);
    }

    [Fact]
    public void Records_outside_the_zone_are_counted_and_left_out()
    {
        var zone = ZoneText.Read("example.", Soa + "a.elsewhere. 1 A 192.0.2.1\nb 1 CH TXT x\nc 1 A 192.0.2.2");

        Assert.Equal(2, zone.IgnoredCount);
        Assert.Equal(7u, zone.Serial);
        Assert.Equal(["example.", "c.example."], zone.RRsets.Select(static set => set.Owner.ToString()));
    }

    [Fact]
    public void Find_allocates_nothing()
    {
        var zone = ZoneText.Read("example.", Soa + "@ 1 NS ns\nns 1 A 192.0.2.1\nalias 1 CNAME ns\n*.w 1 MX 1 ns\ncut 1 NS ns.cut\nns.cut 1 A 192.0.2.2");
        DnsName[] names = [.. new[] { "alias", "x.w", "cut", "none" }.Select(static name => DnsName.Parse(name + ".example."))];
        var sink = new CountingSink();
        for (var warm = 0; warm < 50; warm++)
        {
            Ask(zone, names, ref sink);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        Ask(zone, names, ref sink);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(sink.Count > 0);
    }

    private static void Ask(Zone zone, DnsName[] names, ref CountingSink sink)
    {
        foreach (var name in names)
        {
            _ = ZoneLookup.Find(zone, name.Span, RecordType.MX, dnssecOk: true, ref sink);
        }
    }

    private struct CountingSink() : IZoneAnswerSink
    {
        private readonly byte[] _kept = new byte[NameSpan.MaxLength];

        public int Count { get; private set; }

        public void Add(ZoneSection section, ZoneName owner, RRset rrset) => Count++;

        public void AddSynthesizedCname(ZoneName owner, uint ttl, ZoneName target) => Count++;

        public readonly ZoneName Keep(NameSpan name)
        {
            name.Wire.CopyTo(_kept);
            return new ZoneName(_kept, 0, name.Length);
        }
    }
}
