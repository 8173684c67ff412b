using System.Text;
using ClusterDns.Plugins.Dnssec;
using ClusterDns.Plugins.Sign;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Presentation;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Dnssec;
using Xunit;
using Oracle = ARSoft.Tools.Net.Dns.Zone;

namespace ClusterDns.UnitTests.Plugins.Sign;

public sealed class ZoneSignerTests
{
    // The second reader takes only plain zone files: owners in full and a TTL everywhere.
    private const string Zone = """
        s.example. 300 IN SOA ns.s.example. h.s.example. 1 2 3 4 60
        s.example. 300 IN NS ns.s.example.
        ns.s.example. 300 IN A 10.0.0.1
        www.s.example. 300 IN A 10.0.0.3
        www.s.example. 300 IN A 10.0.0.2
        www.s.example. 300 IN A 10.0.0.3
        WWW.s.example. 200 IN TXT "text"
        alias.s.example. 300 IN CNAME WWW.s.example.
        *.w.s.example. 300 IN TXT "wild"
        a.b.ent.s.example. 300 IN AAAA 2001:db8::1
        sub.s.example. 300 IN NS ns.sub.s.example.
        sub.s.example. 300 IN A 10.0.0.9
        ns.sub.s.example. 300 IN A 10.0.0.5
        ds.s.example. 300 IN NS ns.other.example.
        ds.s.example. 300 IN DS 1 13 2 0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF
        dn.s.example. 300 IN DNAME www.s.example.
        """;

    [Theory]
    [InlineData(8)]
    [InlineData(10)]
    [InlineData(13)]
    [InlineData(14)]
    [InlineData(15)]
    public void A_second_validator_accepts_the_zone_and_refuses_a_changed_one(int algorithm)
    {
        var lines = Sign(Zone, Key(algorithm));

        Assert.True(IsValid(lines));
        Assert.False(IsValid(lines.Select(static line =>
            line.Replace("www.s.example. 300 IN A 10.0.0.2", "www.s.example. 300 IN A 10.0.0.4", StringComparison.Ordinal))));
    }

    [Fact]
    public void Every_name_with_authority_has_an_NSEC_that_leads_to_the_next()
    {
        var proofs = Sign(Zone, Key(13)).Where(static line => line.Split(' ')[3] == "NSEC");

        Assert.Equal(
            """
            s.example. 60 IN NSEC alias.s.example. NS SOA RRSIG NSEC DNSKEY CDS CDNSKEY
            alias.s.example. 60 IN NSEC dn.s.example. CNAME RRSIG NSEC
            dn.s.example. 60 IN NSEC ds.s.example. DNAME RRSIG NSEC
            ds.s.example. 60 IN NSEC a.b.ent.s.example. NS DS RRSIG NSEC
            a.b.ent.s.example. 60 IN NSEC ns.s.example. AAAA RRSIG NSEC
            ns.s.example. 60 IN NSEC sub.s.example. A RRSIG NSEC
            sub.s.example. 60 IN NSEC *.w.s.example. NS RRSIG NSEC
            *.w.s.example. 60 IN NSEC www.s.example. TXT RRSIG NSEC
            www.s.example. 60 IN NSEC s.example. A TXT RRSIG NSEC
            """,
            string.Join('\n', proofs));
    }

    [Fact]
    public void What_is_the_child_s_is_not_signed()
    {
        var covered = Sign(Zone, Key(13)).Select(static line => line.Split(' '))
            .Where(static words => words[3] == "RRSIG" && words[0] is "sub.s.example." or "ns.sub.s.example." or "ds.s.example.")
            .Where(static words => words[3] == "RRSIG")
            .Select(static words => $"{words[0]} {words[4]}");

        Assert.Equal(["ds.s.example. DS", "ds.s.example. NSEC", "sub.s.example. NSEC"], covered);
    }

    [Fact]
    public void The_SOA_comes_first_with_the_new_serial_and_signatures_of_each_key()
    {
        var first = Key(13);
        var second = Key(15);
        var lines = Sign(Zone, first, second).ToArray();

        Assert.Equal("s.example. 300 IN SOA ns.s.example. h.s.example. 4711 2 3 4 60", lines[0]);
        Assert.StartsWith($"s.example. 300 IN RRSIG SOA 13 2 300 19700101000200 19700101000140 {first.Tag} s.example. ", lines[1], StringComparison.Ordinal);
        Assert.StartsWith($"s.example. 300 IN RRSIG SOA 15 2 300 19700101000200 19700101000140 {second.Tag} s.example. ", lines[2], StringComparison.Ordinal);
        Assert.Single(lines, line => line == "www.s.example. 300 IN A 10.0.0.3");
        Assert.Contains(lines, static line => line.StartsWith("*.w.s.example. 300 IN RRSIG TXT 13 3 ", StringComparison.Ordinal));
        Assert.Equal(2, lines.Count(static line => line.StartsWith("s.example. 300 IN CDS ", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_an_earlier_signing_left_is_left_out_and_so_are_other_zones()
    {
        var key = Key(13);
        var once = Sign(Zone, key).Count();
        var again = Sign(string.Join('\n', Sign(Zone, Key(13))) + "\nother.example. 300 IN A 10.0.0.1\n", key);

        Assert.Equal(once, again.Count());
    }

    [Theory]
    [InlineData("www.s.example. 300 IN A 10.0.0.1", "found 0 SOA records at s.example., expected one")]
    [InlineData("s.example. 1 IN SOA a. b. 1 2 3 4 5\ns.example. 1 IN SOA a. b. 2 2 3 4 5", "found 2 SOA records at s.example., expected one")]
    public void A_zone_needs_one_SOA(string text, string expected)
    {
        var signer = new ZoneSigner(DnsName.Parse("s.example"), [Key(13)]);

        Assert.False(signer.TrySign(Read(text), 1, 0, 1, out _, out var error));
        Assert.Equal(expected, error);
    }

    private static bool IsValid(IEnumerable<string> lines)
    {
        using var text = new MemoryStream(Encoding.ASCII.GetBytes(string.Join('\n', lines) + "\n"));
        var zone = Oracle.ParseMasterFile(ARSoft.Tools.Net.DomainName.Parse("s.example."), text);
        return zone.ValidateZone(isDnsSecRequired: true, isZoneMdRequired: false, ignoreRecordErrors: false);
    }

    private static SigningKey Key(int algorithm)
    {
        var made = KeyMaker.Make("s.example.", algorithm);
        Assert.True(KeyPair.TryRead(made.PublicText, "key", made.PrivateText, "private", out var key, out var error), error);
        return key;
    }

    private static IEnumerable<string> Sign(string zone, params SigningKey[] keys)
    {
        var signer = new ZoneSigner(DnsName.Parse("s.example"), keys);
        Assert.True(signer.TrySign(Read(zone), 4711, 100, 120, out var signed, out var error), error);
        return [.. signed.Select(static record => RecordText.Format(record))];
    }

    private static List<ResourceRecord> Read(string zone)
    {
        using var reader = new MasterFileReader(new StringReader(zone + "\n"), "zone", DnsName.Root);
        var records = new List<ResourceRecord>();
        while (reader.TryRead(out var record))
        {
            records.Add(record);
        }

        Assert.Equal("", reader.Error);
        return records;
    }
}
