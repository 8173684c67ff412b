using System.Text.RegularExpressions;
using ClusterDns.Core.Zones;
using Xunit;

namespace ClusterDns.UnitTests.Zones;

public sealed partial class ZoneLookupTests
{
    private const string Plain = """
        $TTL 60
        @       SOA ns h 1 2 3 4 5
        @       NS ns
        ns      A 192.0.2.1
        www     A 192.0.2.2
        www     AAAA 2001:db8::2
        mx      MX 10 www
        mx      MX 20 www
        mx      MX 30 elsewhere.test.
        svc     HTTPS 1 . alpn=h2
        svc     A 192.0.2.3
        a.b.ent TXT ent
        alias   CNAME www
        alias2  CNAME alias
        dead    CNAME nowhere
        out     CNAME www.elsewhere.test.
        loop1   CNAME loop2
        loop2   CNAME loop1
        *.wild  A 192.0.2.9
        *.wild  MX 1 www
        host.wild A 192.0.2.10
        *.cwild CNAME www
        towild  CNAME x.wild
        dn      DNAME target
        dn      TXT beside
        lost.dn A 192.0.2.11
        a.target A 192.0.2.12
        dnout   DNAME elsewhere.test.
        dnloop  DNAME dnloop
        cut     NS ns.cut
        cut     NS ns
        cut     NS ns.elsewhere.test.
        cut     DS 1 13 2 00
        ns.cut  A 192.0.2.13
        host.cut A 192.0.2.14
        bare    NS ns.elsewhere.test.
        tocut   CNAME host.cut
        *.ncut  NS ns
        Mixed.CASE CNAME WWW
        """;

    private const string Soa = "au example. 60 IN SOA ns.example. h.example. 1 2 3 4 5";
    private const string Ns = "au example. 60 IN NS ns.example.";

    private static readonly Zone Zone = ZoneText.Read("example.", Plain);

    [Theory]
    // RFC 1034 §4.3.2 step 3a: the whole of QNAME is matched.
    [InlineData("www.example. A", "Success|an www.example. 60 IN A 192.0.2.2|" + Ns)]
    [InlineData("example. SOA", "Success|an example. 60 IN SOA ns.example. h.example. 1 2 3 4 5|" + Ns)]
    [InlineData("example. NS", "Success|an example. 60 IN NS ns.example.|ad ns.example. 60 IN A 192.0.2.1")]
    [InlineData("WWW.eXample. A", "Success|an www.example. 60 IN A 192.0.2.2|" + Ns)]
    // RFC 2308 §2: no data, no name.
    [InlineData("www.example. TXT", "NoData|" + Soa)]
    [InlineData("www.example. ANY", "NoData|" + Soa)]
    [InlineData("none.example. A", "NXDomain|" + Soa)]
    [InlineData("x.www.example. A", "NXDomain|" + Soa)]
    // RFC 8020 §2: names above a name exist.
    [InlineData("ent.example. A", "NoData ent|" + Soa)]
    [InlineData("b.ent.example. A", "NoData ent|" + Soa)]
    [InlineData("c.ent.example. A", "NXDomain|" + Soa)]
    // RFC 1034 §4.3.2 step 6: addresses of what the answer names, each once.
    [InlineData("mx.example. MX", "Success|an mx.example. 60 IN MX 10 www.example.|an mx.example. 60 IN MX 20 www.example.|an mx.example. 60 IN MX 30 elsewhere.test.|" + Ns + "|ad www.example. 60 IN A 192.0.2.2|ad www.example. 60 IN AAAA 2001:db8::2")]
    [InlineData("svc.example. HTTPS", "Success|an svc.example. 60 IN HTTPS 1 . alpn=\"h2\"|" + Ns + "|ad svc.example. 60 IN A 192.0.2.3")]
    public void Find_answers_from_the_name_itself(string question, string expected) => Check(question, expected);

    [Theory]
    // RFC 1034 §3.6.2.
    [InlineData("alias.example. A", "Success|an alias.example. 60 IN CNAME www.example.|an www.example. 60 IN A 192.0.2.2|" + Ns)]
    [InlineData("alias2.example. A", "Success|an alias2.example. 60 IN CNAME alias.example.|an alias.example. 60 IN CNAME www.example.|an www.example. 60 IN A 192.0.2.2|" + Ns)]
    [InlineData("alias.example. CNAME", "Success|an alias.example. 60 IN CNAME www.example.|" + Ns)]
    [InlineData("mixed.case.example. A", "Success|an mixed.case.example. 60 IN CNAME www.example.|an www.example. 60 IN A 192.0.2.2|" + Ns)]
    // RFC 6604 §3: the response code is that of the last name.
    [InlineData("dead.example. A", "NXDomain|an dead.example. 60 IN CNAME nowhere.example.|" + Soa)]
    [InlineData("out.example. A", "OutOfZone|an out.example. 60 IN CNAME www.elsewhere.test.")]
    [InlineData("loop1.example. A", "Success|an loop1.example. 60 IN CNAME loop2.example.|an loop2.example. 60 IN CNAME loop1.example.|" + Ns)]
    [InlineData("towild.example. A", "Success|an towild.example. 60 IN CNAME x.wild.example.|an x.wild.example. 60 IN A 192.0.2.9|" + Ns)]
    [InlineData("towild.example. TXT", "NoData|an towild.example. 60 IN CNAME x.wild.example.|" + Soa)]
    // As CoreDNS: NS behind an alias to a name of the zone without the type.
    [InlineData("alias.example. TXT", "Success|an alias.example. 60 IN CNAME www.example.|" + Ns)]
    public void Find_follows_aliases(string question, string expected) => Check(question, expected);

    [Theory]
    // RFC 6672 §2.3 and §3.
    [InlineData("dn.example. TXT", "Success|an dn.example. 60 IN TXT \"beside\"|" + Ns)]
    [InlineData("dn.example. A", "NoData|" + Soa)]
    [InlineData("dn.example. DNAME", "Success|an dn.example. 60 IN DNAME target.example.|" + Ns)]
    [InlineData("a.dn.example. A", "Success|an dn.example. 60 IN DNAME target.example.|an a.dn.example. 60 IN CNAME a.target.example.|an a.target.example. 60 IN A 192.0.2.12|" + Ns)]
    [InlineData("a.dn.example. CNAME", "Success|an dn.example. 60 IN DNAME target.example.|an a.dn.example. 60 IN CNAME a.target.example.|" + Ns)]
    [InlineData("lost.dn.example. A", "NXDomain|an dn.example. 60 IN DNAME target.example.|an lost.dn.example. 60 IN CNAME lost.target.example.|" + Soa)]
    [InlineData("x.dnout.example. A", "OutOfZone|an dnout.example. 60 IN DNAME elsewhere.test.|an x.dnout.example. 60 IN CNAME x.elsewhere.test.")]
    [InlineData("x.dnloop.example. A", "Loop|an dnloop.example. 60 IN DNAME dnloop.example.")]
    public void Find_follows_dnames(string question, string expected) => Check(question, expected);

    [Theory]
    // RFC 4592 §2.2.1 and §3.3.
    [InlineData("x.wild.example. A", "Success|an x.wild.example. 60 IN A 192.0.2.9|" + Ns)]
    [InlineData("y.x.wild.example. A", "Success|an y.x.wild.example. 60 IN A 192.0.2.9|" + Ns)]
    [InlineData("*.wild.example. A", "Success|an *.wild.example. 60 IN A 192.0.2.9|" + Ns)]
    [InlineData("x.wild.example. TXT", "NoData|" + Soa)]
    [InlineData("host.wild.example. MX", "NoData|" + Soa)]
    [InlineData("x.host.wild.example. A", "NXDomain|" + Soa)]
    [InlineData("wild.example. A", "NoData ent|" + Soa)]
    [InlineData("x.wild.example. MX", "Success|an x.wild.example. 60 IN MX 1 www.example.|" + Ns + "|ad www.example. 60 IN A 192.0.2.2|ad www.example. 60 IN AAAA 2001:db8::2")]
    [InlineData("x.cwild.example. A", "Success|an x.cwild.example. 60 IN CNAME www.example.|an www.example. 60 IN A 192.0.2.2|" + Ns)]
    // RFC 4592 §4.2: an NS at a wildcard delegates nothing.
    [InlineData("x.ncut.example. NS", "Success|an x.ncut.example. 60 IN NS ns.example.|" + Ns)]
    [InlineData("x.ncut.example. A", "NoData|" + Soa)]
    public void Find_expands_wildcards(string question, string expected) => Check(question, expected);

    private const string Cut = "au cut.example. 60 IN NS ns.cut.example.|au cut.example. 60 IN NS ns.example.|au cut.example. 60 IN NS ns.elsewhere.test.|ad ns.cut.example. 60 IN A 192.0.2.13";

    [Theory]
    // RFC 1034 §4.3.2 step 3b; what lies below a cut is not ours, glue included.
    [InlineData("cut.example. A", "Referral|" + Cut)]
    [InlineData("cut.example. NS", "Referral|" + Cut)]
    [InlineData("ns.cut.example. A", "Referral|" + Cut)]
    [InlineData("x.y.cut.example. A", "Referral|" + Cut)]
    [InlineData("bare.example. A", "Referral|au bare.example. 60 IN NS ns.elsewhere.test.")]
    [InlineData("tocut.example. A", "Referral|an tocut.example. 60 IN CNAME host.cut.example.|" + Cut)]
    // RFC 4035 §3.1.4.1: DS belongs to the parent's side.
    [InlineData("cut.example. DS", "Success|an cut.example. 60 IN DS 1 13 2 00|" + Ns)]
    [InlineData("bare.example. DS", "NoData|" + Soa)]
    [InlineData("x.cut.example. DS", "Referral|" + Cut)]
    public void Find_refers_below_a_zone_cut(string question, string expected) => Check(question, expected);

    [Fact]
    public void Find_ends_a_dname_that_makes_too_long_a_name()
    {
        var label = new string('a', 60);
        var zone = ZoneText.Read("example.", $"@ 1 SOA ns h 1 2 3 4 5\ndn 1 DNAME {label}.{label}.{label}.test.");
        Assert.StartsWith("TooLong\nan dn.example.", ZoneText.Ask(zone, $"{label}.{label}.{label}.dn.example. A"), StringComparison.Ordinal);
    }

    [Fact]
    public void Find_stops_a_long_chain()
    {
        var chain = string.Join('\n', Enumerable.Range(0, 40).Select(static n => $"c{n} 1 CNAME c{n + 1}"));
        var zone = ZoneText.Read("example.", $"@ 1 SOA ns h 1 2 3 4 5\n{chain}\nc40 1 A 192.0.2.1");
        Assert.Equal(10, CnamePattern().Count(ZoneText.Ask(zone, "c0.example. A")));
    }

    [GeneratedRegex("IN CNAME")]
    private static partial Regex CnamePattern();

    private static void Check(string question, string expected) =>
        Assert.Equal(expected.Replace('|', '\n'), ZoneText.Ask(Zone, question));
}
