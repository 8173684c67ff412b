using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Presentation;
using Xunit;

namespace ClusterDns.UnitTests.Zones;

public sealed class SignedZoneTests
{
    // Signatures are made up: what is tested is which of them go where.
    private const string Signed = """
        $TTL 60
        @         SOA ns h 1 2 3 4 5
        @         NS ns
        @         NSEC a.b.ent A NS SOA RRSIG NSEC
        @         RRSIG SOA 13 1 60 20360101000000 20260101000000 1 example. AA==
        @         RRSIG NS 13 1 60 20360101000000 20260101000000 1 example. AQ==
        @         RRSIG NSEC 13 1 60 20360101000000 20260101000000 1 example. Ag==
        a.b.ent   TXT ent
        a.b.ent   NSEC insec TXT RRSIG NSEC
        insec     NS ns.insec
        insec     NSEC ns NS RRSIG NSEC
        ns.insec  A 192.0.2.2
        ns        A 192.0.2.1
        ns        RRSIG A 13 2 60 20360101000000 20260101000000 1 example. Aw==
        ns        NSEC sec A RRSIG NSEC
        sec       NS ns.sec
        sec       DS 1 13 2 00
        sec       RRSIG DS 13 2 60 20360101000000 20260101000000 1 example. BA==
        sec       NSEC *.wild NS DS RRSIG NSEC
        ns.sec    A 192.0.2.3
        *.wild    A 192.0.2.9
        *.wild    RRSIG A 13 2 60 20360101000000 20260101000000 1 example. BQ==
        *.wild    NSEC x.wild A RRSIG NSEC
        x.wild    A 192.0.2.10
        x.wild    NSEC @ A RRSIG NSEC
        """;

    private const string Soa = "au SOA example.|au RRSIG example.";
    private const string Ns = "au NS example.|au RRSIG example.";

    private static readonly Zone Zone = ZoneText.Read("example.", Signed);

    [Theory]
    // RFC 4035 §3.1.1: RRSIGs go with what they cover, and only where DO asks for them.
    [InlineData("ns.example. A +do", "Success|an A ns.example.|an RRSIG ns.example.|" + Ns)]
    [InlineData("ns.example. A", "Success|an A ns.example.|au NS example.")]
    [InlineData("ns.example. RRSIG", "Success|an RRSIG ns.example.|au NS example.")]
    // §3.1.3.1: no data.
    [InlineData("ns.example. TXT +do", "NoData|" + Soa + "|au NSEC ns.example.")]
    [InlineData("ent.example. A +do", "NoData ent|" + Soa + "|au NSEC example.|au RRSIG example.")]
    [InlineData("ns.example. TXT", "NoData|au SOA example.")]
    // §3.1.3.2: no name, and no wildcard either; one NSEC may say both.
    [InlineData("none.example. A +do", "NXDomain|" + Soa + "|au NSEC insec.example.|au NSEC example.|au RRSIG example.")]
    [InlineData("aaa.example. A +do", "NXDomain|" + Soa + "|au NSEC example.|au RRSIG example.")]
    [InlineData("y.x.wild.example. A +do", "NXDomain|" + Soa + "|au NSEC x.wild.example.")]
    // §3.1.3.3 and §3.1.3.4: a wildcard, and that nothing closer is there.
    [InlineData("z.wild.example. A +do", "Success|an A z.wild.example.|an RRSIG z.wild.example.|" + Ns + "|au NSEC x.wild.example.")]
    [InlineData("z.wild.example. TXT +do", "NoData|" + Soa + "|au NSEC *.wild.example.|au NSEC x.wild.example.")]
    // §3.1.4: referrals, with DS or the proof that there is none.
    [InlineData("h.sec.example. A +do", "Referral|au NS sec.example.|au DS sec.example.|au RRSIG sec.example.|ad A ns.sec.example.")]
    [InlineData("h.insec.example. A +do", "Referral|au NS insec.example.|au NSEC insec.example.|ad A ns.insec.example.")]
    [InlineData("h.insec.example. A", "Referral|au NS insec.example.|ad A ns.insec.example.")]
    // §3.1.4.1: DS is the parent's.
    [InlineData("sec.example. DS +do", "Success|an DS sec.example.|an RRSIG sec.example.|" + Ns)]
    [InlineData("insec.example. DS +do", "NoData|" + Soa + "|au NSEC insec.example.")]
    public void Find_adds_signatures_and_proofs(string question, string expected) =>
        Assert.Equal(expected.Replace('|', '\n'), string.Join('\n', ZoneText.Ask(Zone, question).Split('\n').Select(Short)));

    [Fact]
    public void Signatures_cover_the_set_they_stand_with() => Assert.Contains(
        "an example. 60 IN RRSIG SOA 13 1 60 20360101000000 20260101000000 1 example. AA==",
        ZoneText.Ask(Zone, "example. SOA +do").Split('\n'));

    [Fact]
    public void TryBuild_refuses_NSEC3()
    {
        var builder = new ZoneBuilder(DnsName.Parse("example."));
        string[] lines = ["example. 1 SOA ns. h. 1 2 3 4 5", "example. 1 NSEC3PARAM 1 0 0 -"];
        foreach (var line in lines)
        {
            Assert.True(RecordText.TryParse(line, null, 0, out var record, out var error), error);
            builder.Add(record);
        }

        Assert.False(builder.TryBuild(out _, out var reason));
        Assert.StartsWith("found NSEC3 records", reason, StringComparison.Ordinal);
    }

    // Section, type and owner: the rest is known.
    private static string Short(string line) => line.Split(' ') is [var section, var owner, _, _, var type, ..] ? $"{section} {type} {owner}" : line;
}
