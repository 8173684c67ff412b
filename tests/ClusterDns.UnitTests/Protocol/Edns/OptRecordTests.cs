using ClusterDns.Protocol.Edns;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;
using CsCheck;
using Xunit;

namespace ClusterDns.UnitTests.Protocol.Edns;

public sealed class OptRecordTests
{
    [Fact]
    public void From_takes_the_fields_apart()
    {
        var opt = OptRecord.From(new RecordHeader(RecordType.OPT, (RecordClass)1232, 0x12038001, 40, 7));

        Assert.Equal(new OptRecord(1232, 0x12, 3, DnssecOk: true, 1, 40, 7), opt);
    }

    // RFC 6891 §6.2.3.
    [Theory]
    [InlineData(0, 512)]
    [InlineData(511, 512)]
    [InlineData(65535, 65535)]
    public void A_payload_size_below_512_is_512(int sent, int expected) =>
        Assert.Equal(expected, OptRecord.From(new RecordHeader(RecordType.OPT, (RecordClass)sent, 0, 0, 0)).PayloadSize);

    [Theory]
    [InlineData("", true)]
    [InlineData("000a 0000", true)]
    [InlineData("000a 0002 abcd 0003 0000", true)]
    [InlineData("000a 0003 abcd", false)]
    [InlineData("000a 00", false)]
    public void Options_must_be_whole(string options, bool expected) => Assert.Equal(
        expected, OptRecord.AreOptionsWellFormed(Convert.FromHexString(options.Replace(" ", "", StringComparison.Ordinal))));

    [Fact]
    public void Options_are_walked_in_order()
    {
        var reader = new EdnsOptionReader(Convert.FromHexString("000a0002abcd00030000"));

        Assert.True(reader.MoveNext());
        Assert.Equal(EdnsOptionCode.Cookie, reader.Code);
        Assert.Equal("abcd", Convert.ToHexStringLower(reader.Value));
        Assert.True(reader.MoveNext());
        Assert.Equal(EdnsOptionCode.NSID, reader.Code);
        Assert.True(reader.Value.IsEmpty);
        Assert.False(reader.MoveNext());
        Assert.True(reader.AtEnd);
    }

    [Fact]
    public void Any_octets_are_walked_to_an_end() => Gen.Byte.Array[0, 60].Sample(static octets =>
    {
        var reader = new EdnsOptionReader(octets);
        var taken = 0;
        while (reader.MoveNext())
        {
            taken += 4 + reader.Value.Length;
        }

        return reader.AtEnd == (taken == octets.Length);
    });
}
