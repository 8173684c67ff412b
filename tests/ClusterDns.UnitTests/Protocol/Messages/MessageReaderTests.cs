using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;
using CsCheck;
using Xunit;

namespace ClusterDns.UnitTests.Protocol.Messages;

public sealed class MessageReaderTests
{
    private const string Header = "1234 0100 0001 0001 0000 0000 ";

    [Fact]
    public void A_message_is_read_front_to_back()
    {
        var message = Octets(Header + "0377577703 636f6d00 0001 0001  c00c 0005 0001 0000003c 0004 0161c010");
        var reader = new MessageReader(message);
        var name = new byte[NameSpan.MaxLength];

        Assert.True(reader.TryReadHeader(out var header));
        Assert.Equal((0x1234, 1, 1), (header.Id, header.Questions, header.Answers));
        Assert.True(reader.TryReadQuestion(name, out var length, out var type, out var recordClass));
        Assert.Equal("wWw.com.", new NameSpan(name.AsSpan(0, length)).ToString());
        Assert.Equal((RecordType.A, RecordClass.IN), (type, recordClass));
        Assert.True(reader.TryReadRecord(name, out length, out var record));
        Assert.Equal("wWw.com.", new NameSpan(name.AsSpan(0, length)).ToString());
        Assert.Equal((RecordType.CNAME, 60u, (ushort)4), (record.Type, record.Ttl, record.RdataLength));
        Assert.True(reader.AtEnd);

        var rdata = new byte[record.RdataLength + RdataCodec.MaxGrowth];
        Assert.Equal(WireError.None, RdataCodec.Unpack(message, record, rdata, out length));
        Assert.Equal("a.com.", new NameSpan(rdata.AsSpan(0, length)).ToString());
    }

    [Theory]
    [InlineData("c00c", WireError.BadPointer)] // to itself
    [InlineData("c00e", WireError.BadPointer)] // forward
    [InlineData("0161c00c", WireError.BadPointer)] // back to its own labels
    [InlineData("c0ff", WireError.BadPointer)] // past the end
    [InlineData("c0", WireError.Truncated)]
    [InlineData("0161", WireError.Truncated)]
    [InlineData("3f6161", WireError.Truncated)]
    [InlineData("", WireError.Truncated)]
    [InlineData("4061", WireError.BadLabelType)] // RFC 6891 §5
    [InlineData("8061", WireError.BadLabelType)]
    public void TryReadName_refuses(string name, WireError expected)
    {
        var reader = new MessageReader(Octets(Header + name));
        Assert.True(reader.TryReadHeader(out _));
        Assert.False(reader.TryReadName(new byte[NameSpan.MaxLength], out _));
        Assert.Equal(expected, reader.Error);
    }

    // Four labels of 63 octets and the root are 257.
    [Fact]
    public void TryReadName_refuses_more_than_255_octets()
    {
        var label = "3f" + string.Concat(Enumerable.Repeat("61", 63));
        var longest = Octets(label + label + label + "3d" + string.Concat(Enumerable.Repeat("61", 61)) + "00");
        var reader = new MessageReader(longest);
        Assert.True(reader.TryReadName(new byte[NameSpan.MaxLength], out var length));
        Assert.Equal(NameSpan.MaxLength, length);

        reader = new MessageReader(Octets(label + label + label + label + "00"));
        Assert.False(reader.TryReadName(new byte[NameSpan.MaxLength], out _));
        Assert.Equal(WireError.NameTooLong, reader.Error);
    }

    [Fact]
    public void Any_octets_end_in_a_value() => Gen.Byte.Array[0, 300].Sample(static octets => ReadAll(octets));

    // Sound messages with a few octets changed go deeper than noise does.
    [Fact]
    public void Changed_messages_end_in_a_value()
    {
        var message = Octets(
            Header.Replace("0001 0000 0000", "0003 0001 0001", StringComparison.Ordinal)
            + "0377777703 636f6d00 0001 0001  c00c 0005 0001 0000003c 0004 0161c010  c00c 0006 0001 0000003c 0018 c00c c010"
            + "00000001 00000002 00000003 00000004 00000005  c00c 0021 0001 0000003c 0008 0001 0002 0003 c00c"
            + "c010 002f 0001 00000001 0009 c00c 0006 400000000003  00 0029 04d0 00008000 0000");
        var changes = Gen.Select(Gen.Int[0, message.Length - 1], Gen.Byte).Array[0, 4];
        Gen.Select(changes, Gen.Int[0, message.Length]).Sample((edits, length) =>
        {
            var changed = message[..length];
            foreach (var (at, value) in edits)
            {
                if (at < changed.Length)
                {
                    changed[at] = value;
                }
            }

            return ReadAll(changed);
        });
    }

    // Reads what there is, as a server would; what is read must lie in the message and be a name.
    private static bool ReadAll(byte[] octets)
    {
        var reader = new MessageReader(octets);
        var name = new byte[NameSpan.MaxLength];
        if (!reader.TryReadHeader(out _) || !reader.TryReadQuestion(name, out var length, out _, out _))
        {
            return reader.Error != WireError.None;
        }

        var isSound = WireName.TryMeasure(name, out var measured) && measured == length;
        while (isSound && reader.TryReadRecord(name, out length, out var record))
        {
            var rdata = new byte[record.RdataLength + RdataCodec.MaxGrowth];
            var error = RdataCodec.Unpack(octets, record, rdata, out var unpacked);
            isSound = WireName.TryMeasure(name, out measured) && measured == length
                && (error != WireError.None || RdataCodec.IsWellFormed(record.Type, rdata.AsSpan(0, unpacked)));
        }

        return isSound && (reader.AtEnd || reader.Error != WireError.None);
    }

    private static byte[] Octets(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
