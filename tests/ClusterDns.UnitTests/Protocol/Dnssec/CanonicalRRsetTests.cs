using ClusterDns.Protocol.Dnssec;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Presentation;
using ClusterDns.Protocol.Records;
using Xunit;

namespace ClusterDns.UnitTests.Protocol.Dnssec;

public sealed class CanonicalRRsetTests
{
    private static readonly DnsName Owner = DnsName.Parse("WWW.Example.org");

    private readonly CanonicalRRset _set = new();

    [Fact]
    public void Records_are_ordered_by_their_octets_and_each_stands_once()
    {
        Assert.Equal(
            "03777777076578616d706c65036f72670000010001000000640004" + "01000000"
            + "03777777076578616d706c65036f72670000010001000000640004" + "0a000001"
            + "03777777076578616d706c65036f72670000010001000000640004" + "ff000001",
            Write(RecordType.A, "255.0.0.1", "10.0.0.1", "1.0.0.0", "10.0.0.1"));
    }

    [Fact]
    public void A_shorter_RDATA_goes_before_a_longer_one_that_starts_with_it()
    {
        var written = Write((RecordType)65280, "\\# 2 0102", "\\# 1 01", "\\# 0");

        Assert.EndsWith("0000" + Head + "000101" + Head + "00020102", written, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RecordType.MX, "10 Mail.Example.ORG.", "10 mail.example.org.")]
    [InlineData(RecordType.NAPTR, "1 2 \"U\" \"E2U+SIP\" \"!A!B!\" Next.Example.", "1 2 \"U\" \"E2U+SIP\" \"!A!B!\" next.example.")]
    [InlineData(RecordType.SOA, "Ns.Example. Host.Example. 1 2 3 4 5", "ns.example. host.example. 1 2 3 4 5")]
    [InlineData(RecordType.SRV, "1 2 3 Target.Example.", "1 2 3 target.example.")]
    [InlineData(RecordType.RRSIG, "A 13 2 3600 20300101000000 20000101000000 1 Zone.Example. AAAA", "A 13 2 3600 20300101000000 20000101000000 1 zone.example. AAAA")]
    [InlineData(RecordType.NSEC, "Next.Example. A", "Next.Example. A")]
    [InlineData(RecordType.SVCB, "1 Target.Example. port=1", "1 Target.Example. port=1")]
    [InlineData(RecordType.TXT, "\"Text\"", "\"Text\"")]
    public void Names_of_old_types_are_folded_and_others_kept(RecordType type, string text, string expected)
    {
        var rdata = Rdata(type, text);
        CanonicalRdata.Normalize(type, rdata);

        Assert.Equal(Convert.ToHexString(Rdata(type, expected)), Convert.ToHexString(rdata));
    }

    [Fact]
    public void A_set_that_was_large_leaves_nothing_behind()
    {
        _set.Begin(RecordType.TXT);
        for (var index = 0; index < 400; index++)
        {
            _set.Add(Rdata(RecordType.TXT, '"' + new string('x', 250) + $"\" \"{index}\""));
        }

        Assert.True(_set.Write(Owner.Span, RecordClass.IN, 100).Length > 100_000);
        Assert.EndsWith("00040a000001", Write(RecordType.A, "10.0.0.1"), StringComparison.Ordinal);
    }

    private static string Head => "03777777076578616d706c65036f726700ff00000100000064";

    private string Write(RecordType type, params string[] rdata)
    {
        _set.Begin(type);
        foreach (var text in rdata)
        {
            _set.Add(Rdata(type, text));
        }

        return Convert.ToHexStringLower(_set.Write(Owner.Span, RecordClass.IN, 100));
    }

    private static byte[] Rdata(RecordType type, string text)
    {
        Assert.True(RdataText.TryParse(type, text, null, out var rdata, out var error), error);
        return rdata;
    }
}
