using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;
using CsCheck;
using Xunit;

namespace ClusterDns.UnitTests.Protocol.Messages;

public sealed class RdataCodecTests
{
    [Theory]
    [InlineData(RecordType.A, "01020304", true)]
    [InlineData(RecordType.A, "010203", false)]
    [InlineData(RecordType.A, "0102030405", false)]
    [InlineData(RecordType.AAAA, "00000000000000000000000000000001", true)]
    [InlineData(RecordType.NS, "016100", true)]
    [InlineData(RecordType.NS, "0161", false)]
    [InlineData(RecordType.NS, "01610000", false)]
    [InlineData(RecordType.NS, "c000", false)]
    [InlineData(RecordType.MX, "0001016100", true)]
    [InlineData(RecordType.MX, "00", false)]
    [InlineData(RecordType.TXT, "0161", true)]
    [InlineData(RecordType.TXT, "00", true)]
    [InlineData(RecordType.TXT, "", false)] // RFC 1035 §3.3.14: one or more
    [InlineData(RecordType.TXT, "0261", false)]
    [InlineData(RecordType.HINFO, "01610162", true)]
    [InlineData(RecordType.HINFO, "0161", false)]
    [InlineData(RecordType.SOA, "0000" + "0000000000000000000000000000000000000000", true)]
    [InlineData(RecordType.SOA, "0000" + "00000000000000000000000000000000000000", false)]
    [InlineData(RecordType.NULL, "", true)]
    [InlineData((RecordType)65280, "ff", true)]
    public void IsWellFormed_checks_the_form_of_a_type(RecordType type, string rdata, bool expected) =>
        Assert.Equal(expected, RdataCodec.IsWellFormed(type, Convert.FromHexString(rdata)));

    // A pointer in RDATA that must not have one is no pointer (RFC 3597 §4), in the others it is followed.
    [Fact]
    public void Unpack_stays_in_the_RDATA_and_in_its_room() =>
        Gen.Select(Gen.Byte.Array[0, 200], Gen.UShort[0, 260], Gen.Int[0, 200]).Sample(static (octets, type, offset) =>
        {
            if (offset > octets.Length)
            {
                return true;
            }

            var record = new RecordHeader((RecordType)type, RecordClass.IN, 0, offset, (ushort)(octets.Length - offset));
            var rdata = new byte[record.RdataLength + RdataCodec.MaxGrowth];
            return RdataCodec.Unpack(octets, record, rdata, out var length) != WireError.None || length <= rdata.Length;
        });
}
