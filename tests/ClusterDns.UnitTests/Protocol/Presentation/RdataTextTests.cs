using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Presentation;
using ClusterDns.Protocol.Records;
using CsCheck;
using Xunit;

namespace ClusterDns.UnitTests.Protocol.Presentation;

public sealed class RdataTextTests
{
    private static readonly DnsName Origin = DnsName.Parse("example.org.");

    // TYPE | text | wire form, which another implementation made of the text.
    private const string Known = """
        A | 192.0.2.1 | c0000201
        AAAA | 2001:db8::1 | 20010db8000000000000000000000001
        AAAA | ::ffff:192.0.2.1 | 00000000000000000000ffffc0000201
        NS | ns1.example. | 036e7331076578616d706c6500
        CNAME | www | 03777777076578616d706c65036f726700
        DNAME | target.example. | 06746172676574076578616d706c6500
        PTR | a\.b.example. | 03612e62076578616d706c6500
        SOA | ns1 admin.example. 2026010100 7200 3600 1209600 300 | 036e7331076578616d706c65036f7267000561646d696e076578616d706c650078c275f400001c2000000e10001275000000012c
        MX | 10 mail | 000a046d61696c076578616d706c65036f726700
        TXT | plain | 05706c61696e
        TXT | "semi;colon" "quo\"te" "back\\slash" "\001\255" "" | 0a73656d693b636f6c6f6e0671756f2274650a6261636b5c736c6173680201ff00
        SPF | "v=spf1 -all" | 0b763d73706631202d616c6c
        SRV | 0 5 5060 _x | 0000000513c4025f78076578616d706c65036f726700
        SRV | 0 0 0 . | 00000000000000
        NAPTR | 100 10 "u" "E2U+sip" "!^.*$!sip:i@rich.example!" . | 0064000a0175074532552b73697019215e2e2a24217369703a6940726963682e6578616d706c652100
        CAA | 0 issue "ca.example; a=b" | 0005697373756563612e6578616d706c653b20613d62
        CAA | 128 iodef "mailto:x@rich.example" | 8005696f6465666d61696c746f3a7840726963682e6578616d706c65
        SVCB | 1 www alpn="h2,h3" port=8443 ipv4hint=192.0.2.80,192.0.2.81 ipv6hint=2001:db8::80 | 000103777777076578616d706c65036f726700000100060268320268330003000220fb00040008c0000250c00002510006001020010db8000000000000000000000080
        SVCB | 0 www.example. | 000003777777076578616d706c6500
        HTTPS | 1 . alpn="h3" no-default-alpn | 0001000001000302683300020000
        HTTPS | 1 . mandatory=alpn,port alpn=h2 port=443 ech="AEj+DQ==" key667="a b\255" | 0001000000000400010003000100030268320003000201bb000500040048fe0d029b0004612062ff
        HTTPS | 1 . alpn="f\\\\oo\\,bar,h2" | 0001000001000c08665c6f6f2c626172026832
        DS | 12345 13 2 0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF01234567 89ABCDEF | 30390d020123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
        CDS | 0 0 0 00 | 0000000000
        DLV | 1 8 1 0123456789ABCDEF0123456789ABCDEF01234567 | 000108010123456789abcdef0123456789abcdef01234567
        DNSKEY | 257 3 13 o1dvnkQBWzmT0HRWhF963N6Lwdj9Ifeo4KICTlzsq5tAZSoSoaPXhBTj kM5JEQD0Jtorj9fOol/DL9Hd6TajCA== | 0101030da3576f9e44015b3993d07456845f7adcde8bc1d8fd21f7a8e0a2024e5cecab9b40652a12a1a3d78414e390ce491100f426da2b8fd7cea25fc32fd1dde936a308
        CDNSKEY | 0 3 0 AA== | 0000030000
        RRSIG | A 13 2 600 20360101000000 20260101000000 40656 signed.example. QR4GRpt7wJ36GifAXF+T7YW5EGIg32QocAvEtrmGmvUFAcw8JYsUrF0I 1bhBgs14JEfpoZp6KHXN3N0m78zIqw== | 00010d02000002587c245f006955b9009ed0067369676e6564076578616d706c6500411e06469b7bc09dfa1a27c05c5f93ed85b9106220df6428700bc4b6b9869af50501cc3c258b14ac5d08d5b84182cd782447e9a19a7a2875cddcdd26efccc8ab
        NSEC | host.example. A MX RRSIG NSEC TYPE1234 | 04686f7374076578616d706c65000006400100000003041b000000000000000000000000000000000000000000000000000020
        NSEC | \000.example. A NS SOA HINFO MX TXT AAAA LOC SRV CAA | 0100076578616d706c650000056205800c40010140
        NSEC3 | 1 1 12 AABBCCDD 2VPTU5TIMAMQTTGL4LUU9KG21E0AOR3S A RRSIG | 0101000c04aabbccdd1417f3df17b2b2adaef615257de4d2020b80ac6c7c0006400000000002
        NSEC3 | 1 0 0 - 2VPTU5TIMAMQTTGL4LUU9KG21E0AOR3S | 01000000001417f3df17b2b2adaef615257de4d2020b80ac6c7c
        NSEC3PARAM | 1 0 12 AABBCCDD | 0100000c04aabbccdd
        NSEC3PARAM | 1 0 0 - | 0100000000
        TLSA | 3 1 1 D2ABDE240D7CD3EE6B4B28C54DF034B97983A1D16E8A410E4561CB106618E971 | 030101d2abde240d7cd3ee6b4b28c54df034b97983a1d16e8a410e4561cb106618e971
        SMIMEA | 3 0 0 0102 | 0300000102
        SSHFP | 4 2 123456789ABCDEF67890123456789ABCDEF67890123456789ABCDEF123456789 | 0402123456789abcdef67890123456789abcdef67890123456789abcdef123456789
        HINFO | "cpu type" "os" | 086370752074797065026f73
        RP | who.example. txt.example. | 0377686f076578616d706c650003747874076578616d706c6500
        AFSDB | 1 afs.example. | 000103616673076578616d706c6500
        LOC | 52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m | 000016138b3cf018810cbce0009895b8
        LOC | 42 21 54.5 N 71 06 18 W -24m 30m | 0033161389172fc470be15f000988d20
        LOC | 0 S 0 W 0 | 00121613800000008000000000989680
        CERT | PKIX 12345 8 AQID | 0001303908010203
        CERT | 65279 0 0 AQID | feff000000010203
        URI | 10 1 "ftp://ftp1.example.com/public" | 000a00016674703a2f2f667470312e6578616d706c652e636f6d2f7075626c6963
        OPENPGPKEY | AQIDBA== | 01020304
        EUI48 | 00-00-5e-00-53-2a | 00005e00532a
        EUI64 | 00-00-5e-ef-10-00-00-2a | 00005eef1000002a
        ZONEMD | 2018031500 1 1 FEBE3D4CE2EC2FFA4BA99D46CD69D6D29711E55217057BEE7EB1A7B641A47BA7FED2DD5B97AE499FAFA4F22C6BD647DE | 7848b78c0101febe3d4ce2ec2ffa4ba99d46cd69d6d29711e55217057bee7eb1a7b641a47ba7fed2dd5b97ae499fafa4f22c6bd647de
        CSYNC | 66 3 A NS AAAA | 000000420003000460000008
        KX | 10 kx | 000a026b78076578616d706c65036f726700
        PX | 10 map822 mapx400.example. | 000a066d6170383232076578616d706c65036f726700076d617078343030076578616d706c6500
        RT | 10 relay | 000a0572656c6179076578616d706c65036f726700
        X25 | "311061700956" | 0c333131303631373030393536
        ISDN | "150862028003217" "004" | 0f31353038363230323830303332313703303034
        ISDN | "150862028003217" | 0f313530383632303238303033323137
        NID | 10 0014:4fff:ff20:ee64 | 000a00144fffff20ee64
        L32 | 10 10.1.2.0 | 000a0a010200
        L64 | 10 2001:0db8:1140:1000 | 000a20010db811401000
        LP | 10 l64.example. | 000a036c3634076578616d706c6500
        DHCID | AAIBY2/AuCccgoJbsaxcQc9TUapptP69lOjxfNuVAA2kjEA= | 000201636fc0b8271c82825bb1ac5c41cf5351aa69b4febd94e8f17cdb95000da48c40
        APL | 1:192.168.32.0/21 !1:192.168.38.0/28 2:2001:db8::/32 | 00011503c0a82000011c83c0a8260002200420010db8
        IPSECKEY | 10 1 2 192.0.2.38 AQNRU3mG7TVTO2BkR47usntb102uFJtugbo6BSGvgqt4AQ== | 0a0102c0000226010351537986ed35533b6064478eeeb27b5bd74dae149b6e81ba3a0521af82ab7801
        IPSECKEY | 10 0 2 . AQNRU3mG7TVTO2BkR47usntb102uFJtugbo6BSGvgqt4AQ== | 0a0002010351537986ed35533b6064478eeeb27b5bd74dae149b6e81ba3a0521af82ab7801
        IPSECKEY | 10 3 2 gw.example. AQNRU3mG7TVTO2BkR47usntb102uFJtugbo6BSGvgqt4AQ== | 0a0302026777076578616d706c6500010351537986ed35533b6064478eeeb27b5bd74dae149b6e81ba3a0521af82ab7801
        IPSECKEY | 10 2 2 2001:db8::1 AQNRU3mG7TVTO2BkR47usntb102uFJtugbo6BSGvgqt4AQ== | 0a020220010db8000000000000000000000001010351537986ed35533b6064478eeeb27b5bd74dae149b6e81ba3a0521af82ab7801
        HIP | 2 200100107B1A74DF365639CC39F1D578 AwEAAbdxyhNuSutc5EMzxTs9LBPCIkOFH8cIvM4p9+LrV4e19WzK00+CI6zBCQTdtWsuxKbWIy87UOoJTwkUs7lBu+Upr1gsNrut79ryra+bSRGQb1slImA8YVJyuIDsj7kwzG7jnERNqnWxZ48AWkskmdHaVDP4BcelrTI3rMXdXF5D rvs1.example. rvs2.example. | 10020084200100107b1a74df365639cc39f1d57803010001b771ca136e4aeb5ce44333c53b3d2c13c22243851fc708bcce29f7e2eb5787b5f56ccad34f8223acc10904ddb56b2ec4a6d6232f3b50ea094f0914b3b941bbe529af582c36bbadefdaf2adaf9b4911906f5b2522603c615272b880ec8fb930cc6ee39c444daa75b1678f005a4b2499d1da5433f805c7a5ad3237acc5dd5c5e430472767331076578616d706c65000472767332076578616d706c6500
        TYPE65280 | \# 4 0A000001 | 0a000001
        TYPE731 | \# 0 | 
        A | \# 4 0A000001 | 0a000001
        GPOS | "-22.6882" "116.8652" "250.0" | 082d32322e36383832083131362e38363532053235302e30
        MINFO | a b.example. | 01610765 78616d706c65 036f7267 00 0162 07657861 6d706c65 00
        """;

    public static TheoryData<string, string, string> KnownRdata()
    {
        var rows = new TheoryData<string, string, string>();
        foreach (var line in Known.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split(" | ");
            rows.Add(parts[0].Trim(), parts[1], parts[2].Replace(" ", "", StringComparison.Ordinal).Trim());
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(KnownRdata))]
    public void TryParse_writes_the_wire_form_of_every_type(string type, string text, string wire)
    {
        Assert.True(RdataText.TryParse(TypeOf(type), text, Origin, out var rdata, out var error), error);
        Assert.Equal(wire, Convert.ToHexStringLower(rdata));
    }

    [Theory]
    [MemberData(nameof(KnownRdata))]
    public void Format_writes_text_that_reads_back_to_the_same_octets(string type, string text, string wire)
    {
        _ = text;
        var formatted = RdataText.Format(TypeOf(type), Convert.FromHexString(wire));
        Assert.True(RdataText.TryParse(TypeOf(type), formatted, null, out var rdata, out var error), error);
        Assert.Equal(wire, Convert.ToHexStringLower(rdata));
    }

    [Theory]
    [InlineData("MX", "10 mail", "10 mail.example.org.")]
    [InlineData("TXT", "plain", "\"plain\"")]
    [InlineData("TXT", "( a\n b ) ; comment", "\"a\" \"b\"")]
    [InlineData("TXT", "\"\\010\"", "\"\\010\"")]
    [InlineData("LOC", "42 21 54.5 N 71 06 18 W -24m 30m", "42 21 54.500 N 71 6 18.000 W -24.00m 30m 10000m 10m")]
    [InlineData("HTTPS", "1 . port=443 alpn=h2 mandatory=port,alpn", "1 . mandatory=alpn,port alpn=\"h2\" port=443")]
    [InlineData("SOA", "@ h 1 2h 1h30m 2w 60", "example.org. h.example.org. 1 7200 5400 1209600 60")]
    [InlineData("DS", "1 ECDSAP256SHA256 2 01 02", "1 13 2 0102")]
    [InlineData("NSEC", "a TYPE1 rrsig A", "a.example.org. A RRSIG")]
    [InlineData("A", "\\# 4 0a 00 00 01", "10.0.0.1")]
    [InlineData("TYPE65280", "\\# 2 ab cd", "\\# 2 ABCD")]
    [InlineData("APL", "1:10.0.0.0/8", "1:10.0.0.0/8")]
    public void Format_writes_the_canonical_text(string type, string text, string canonical)
    {
        Assert.True(RdataText.TryParse(TypeOf(type), text, Origin, out var rdata, out var error), error);
        Assert.Equal(canonical, RdataText.Format(TypeOf(type), rdata));
    }

    [Fact]
    public void TryParse_keeps_octets_past_ascii_in_the_encoding_of_the_text()
    {
        Assert.True(RdataText.TryParse(RecordType.TXT, "\"é\"", null, out var rdata, out _));
        Assert.Equal("02c3a9", Convert.ToHexStringLower(rdata));
    }

    [Theory]
    [InlineData("A", "1.2.3", "found '1.2.3', expected an IPv4 address")]
    [InlineData("A", "1.2.3.04", "found '1.2.3.04', expected an IPv4 address")]
    [InlineData("A", "1.2.3.4 5", "found '5', expected the end of the record")]
    [InlineData("AAAA", "fe80::1%eth0", "found 'fe80::1%eth0', expected an IPv6 address")]
    [InlineData("MX", "10", "found the end of the record, expected a name")]
    [InlineData("MX", "65536 a", "found '65536', expected a number from 0 to 65535")]
    [InlineData("MX", "10 a..b", "found 'a..b', expected a name: it has an empty label")]
    [InlineData("TXT", "\\256", "found '\\256', expected a string in which a backslash is followed by a character or by three digits up to 255")]
    [InlineData("DS", "1 13 2 012", "found '012', expected hexadecimal digits, two for each octet")]
    [InlineData("DNSKEY", "256 3 13 ?", "found '?', expected base 64")]
    [InlineData("SVCB", "1 . port=99999", "found 'port=99999', expected a number from 0 to 65535 as the value of port")]
    [InlineData("SVCB", "1 . port=1 port=2", "found 'port=2', expected port only once")]
    [InlineData("TYPE65280", "x", "found 'x', expected \\# and the RDATA's length and octets, as TYPE65280 has no other form here")]
    [InlineData("A", "\\# 3 0a0000", "found '3', expected octets that are RDATA of the type A")]
    [InlineData("TYPE65280", "\\# 3 0a", "found '3', expected the number of octets behind it, 1")]
    [InlineData("TXT", "\"a", "found the end of the text, expected a '\"' for the one of this line")]
    [InlineData("TXT", "( a", "found the end of the text, expected a ')' for the '(' of this line")]
    [InlineData("TXT", "a )", "found ')', expected a '(' before it")]
    [InlineData("LOC", "91 N 0 E 0m", "found '91', expected degrees, minutes and seconds and then N or S")]
    public void TryParse_says_what_it_found_and_what_it_expected(string type, string text, string expected)
    {
        Assert.False(RdataText.TryParse(TypeOf(type), text, Origin, out _, out var error));
        Assert.Equal(expected, error);
    }

    [Fact]
    public void TryParse_refuses_a_string_of_more_than_255_octets()
    {
        Assert.True(RdataText.TryParse(RecordType.TXT, new string('a', 255), null, out _, out _));
        Assert.False(RdataText.TryParse(RecordType.TXT, new string('a', 256), null, out _, out _));
    }

    [Fact]
    public void Format_of_any_octets_can_be_read_back()
    {
        var types = Gen.OneOf(GenOf(Enum.GetValues<RecordType>()), Gen.UShort.Select(static number => (RecordType)number));
        Gen.Select(types, Gen.Byte.Array[0, 80]).Sample(static (type, octets) =>
        {
            var text = RdataText.Format(type, octets);
            var isRead = RdataText.TryParse(type, text, null, out var rdata, out _);
            return isRead ? RdataText.Format(type, rdata) == text : !RdataCodec.IsWellFormed(type, octets);
        });
    }

    [Fact]
    public void TryParse_of_any_text_ends_in_a_value()
    {
        var types = GenOf(Enum.GetValues<RecordType>());
        var words = GenOf("1", "0", "a", "b.", "N", "W", "::1", "1.2.3.4", "-", "\\", "\"", "(", ")", ";", "=", "alpn", "\\#", "AA==", "1:1.0.0.0/8", "\n");
        Gen.Select(types, words.Array[0, 12]).Sample(static (type, parts) =>
        {
            var isRead = RdataText.TryParse(type, string.Join(' ', parts), null, out var rdata, out var error);
            return isRead ? rdata is not null && RdataCodec.IsWellFormed(type, rdata) : error.Length > 0;
        });
    }

    [Theory]
    [MemberData(nameof(KnownRdata))]
    public void Known_rdata_has_the_layout_of_its_type(string type, string text, string wire)
    {
        _ = text;
        Assert.True(RdataCodec.IsWellFormed(TypeOf(type), Convert.FromHexString(wire)));
    }

    private static Gen<T> GenOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static RecordType TypeOf(string text)
    {
        Assert.True(RecordTypeText.TryParse(text, out var type), text);
        return type;
    }
}
