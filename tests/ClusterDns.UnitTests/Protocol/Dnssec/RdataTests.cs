using ClusterDns.Protocol.Dnssec;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Presentation;
using ClusterDns.Protocol.Records;
using Xunit;

namespace ClusterDns.UnitTests.Protocol.Dnssec;

public sealed class RdataTests
{
    // RFC 4034 §5.4
    private const string Key = "256 3 5 AQOeiiR0GOMYkDshWoSKz9Xz fwJr1AYtsmx3TGkJaNXVbfi/ 2pHm822aJ5iI9BMzNXxeYCmZ "
        + "DRD99WYwYqUSdjMmmAphXdvx egXd/M5+X7OrzKBaMbCVdFLU Uh6DhweJBjEVv5f2wwjM9Xzc nOf+EPbtG9DMBmADjFDc2w/r ljwvFw==";

    [Fact]
    public void KeyTag_and_DS_are_those_of_the_example_of_RFC_4034()
    {
        var key = Rdata(RecordType.DNSKEY, Key);

        Assert.Equal(60485, DnskeyRdata.KeyTag(key));
        Assert.Equal(
            "60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118",
            RdataText.Format(RecordType.DS, DsRdata.Create(DnsName.Parse("DSkey.example.com").Span, key, DigestType.Sha1)));
    }

    [Fact]
    public void DS_with_SHA_256_is_that_of_the_example_of_RFC_4509() => Assert.Equal(
        "60485 5 2 D4B7D520E7BB5F0F67674A0CCEB1E3E0614B93C4F9E99B8383F6A1E4469DA50A",
        RdataText.Format(
            RecordType.DS,
            DsRdata.Create(DnsName.Parse("dskey.example.com").Span, Rdata(RecordType.DNSKEY, Key), DigestType.Sha256)));

    [Theory]
    [InlineData("256 3 13 AAAA", true, false)]
    [InlineData("257 3 13 AAAA", true, true)]
    [InlineData("0 3 13 AAAA", false, false)]
    [InlineData("256 2 13 AAAA", false, false)]
    public void Flags_tell_what_a_key_may(string text, bool isZoneKey, bool isSecureEntryPoint)
    {
        var key = Rdata(RecordType.DNSKEY, text);

        Assert.Equal((isZoneKey, isSecureEntryPoint), (DnskeyRdata.IsZoneKey(key), DnskeyRdata.IsSecureEntryPoint(key)));
    }

    [Fact]
    public void A_bitmap_is_that_of_the_example_of_RFC_4034() => Assert.Equal(
        "000640010000000304" + "1b" + new string('0', 52) + "20",
        Convert.ToHexStringLower(TypeBitmap.Create(
            [(RecordType)1234, RecordType.NSEC, RecordType.A, RecordType.MX, RecordType.RRSIG, RecordType.A])));

    [Theory]
    [InlineData("www.example", 2)]
    [InlineData("*.example", 1)]
    [InlineData("a.*.example", 3)]
    [InlineData("*", 0)]
    [InlineData(".", 0)]
    public void Labels_do_not_count_the_root_and_a_wildcard(string name, int expected) =>
        Assert.Equal(expected, SignatureFields.CountLabels(DnsName.Parse(name).Span));

    [Fact]
    public void Fields_are_read_as_they_were_written()
    {
        var fields = new SignatureFields(RecordType.MX, DnssecAlgorithm.ED25519, 2, 3600, 1440021600, 1438207200, 3613);
        var rdata = new byte[100];
        var length = fields.Write(rdata, DnsName.Parse("Example.COM").Span);

        Assert.Equal(
            "MX 15 2 3600 20150819220000 20150729220000 3613 example.com. AAAA",
            RdataText.Format(RecordType.RRSIG, rdata.AsSpan(0, length + 3)));
        Assert.True(SignatureFields.TryRead(rdata, out var read));
        Assert.Equal(fields, read);
        Assert.False(SignatureFields.TryRead(rdata.AsSpan(0, 18), out _));
    }

    private static byte[] Rdata(RecordType type, string text)
    {
        Assert.True(RdataText.TryParse(type, text, null, out var rdata, out var error), error);
        return rdata;
    }
}
