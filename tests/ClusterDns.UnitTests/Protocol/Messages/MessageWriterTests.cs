using ARSoft.Tools.Net.Dns;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Testing.Wire;
using ClusterDns.UnitTests.Protocol.Names;
using CsCheck;
using Xunit;
using OpCode = ClusterDns.Protocol.Messages.OpCode;
using RecordClass = ClusterDns.Protocol.Records.RecordClass;
using RecordType = ClusterDns.Protocol.Records.RecordType;

namespace ClusterDns.UnitTests.Protocol.Messages;

public sealed class MessageWriterTests
{
    private static readonly byte[] Address = [192, 0, 2, 1];

    [Fact]
    public void Names_point_to_where_they_stand_already()
    {
        var buffer = new byte[512];
        var writer = new MessageWriter(buffer, new CompressionTable());
        Assert.True(writer.TryWriteQuestion(DnsName.Parse("www.example.com.").Span, RecordType.MX, RecordClass.IN));
        byte[] mail = [0, 1, .. DnsName.Parse("mail.example.com.").Wire];
        Assert.True(writer.TryWriteQuestionRecord(RecordType.MX, RecordClass.IN, 60, mail));
        Assert.True(writer.TryWriteRecord(DnsName.Parse("mail.example.com.").Span, RecordType.A, RecordClass.IN, 60, Address));
        Assert.True(writer.TryWriteRecord(DnsName.Parse("com.").Span, RecordType.A, RecordClass.IN, 60, Address));

        const string Expected = "0377777707 6578616d706c65 03636f6d00 000f0001"
            + "c00c 000f0001 0000003c 0009 0001 046d61696c c010"
            + "c02f 00010001 0000003c 0004 c0000201"
            + "c018 00010001 0000003c 0004 c0000201";
        Assert.Equal(
            Expected.Replace(" ", "", StringComparison.Ordinal), Convert.ToHexStringLower(writer.Written[MessageHeader.Size..]));
    }

    // RFC 4343 §4.1: a name is sent in the case it has, so it may only point to the same octets.
    [Fact]
    public void Names_in_another_case_are_written_out()
    {
        var buffer = new byte[512];
        var writer = new MessageWriter(buffer, new CompressionTable());
        writer.TryWriteQuestion(DnsName.Parse("WWW.example.").Span, RecordType.A, RecordClass.IN);
        var start = writer.Position;
        writer.TryWriteRecord(DnsName.Parse("www.example.").Span, RecordType.A, RecordClass.IN, 60, Address);

        Assert.Equal("03777777c010", Convert.ToHexStringLower(buffer.AsSpan(start, 6)));
    }

    // RFC 3597 §4: only the types of RFC 1035 have their names compressed.
    [Theory]
    [InlineData(RecordType.CNAME, 2)]
    [InlineData(RecordType.PTR, 2)]
    [InlineData(RecordType.DNAME, 9)]
    [InlineData(RecordType.NSEC, 9)]
    public void Only_old_types_are_compressed(RecordType type, int length)
    {
        var buffer = new byte[512];
        var writer = new MessageWriter(buffer, new CompressionTable());
        writer.TryWriteQuestion(DnsName.Parse("example.").Span, type, RecordClass.IN);
        var start = writer.Position;
        Assert.True(writer.TryWriteQuestionRecord(type, RecordClass.IN, 60, DnsName.Parse("example.").Wire));

        Assert.Equal(length, writer.Position - start - 2 - RecordHeader.FixedSize);
    }

    [Fact]
    public void A_record_that_does_not_fit_leaves_no_trace()
    {
        var room = 12 + 13 + 4 + 16;
        var writer = new MessageWriter(new byte[room + 10], new CompressionTable());
        Assert.True(writer.TryWriteQuestion(DnsName.Parse("www.example.").Span, RecordType.A, RecordClass.IN));
        Assert.True(writer.TryWriteQuestionRecord(RecordType.A, RecordClass.IN, 60, Address));
        Assert.Equal(room, writer.Position);

        Assert.False(writer.TryWriteRecord(DnsName.Parse("other.example.").Span, RecordType.A, RecordClass.IN, 60, Address));
        Assert.Equal(room, writer.Position);
        Assert.Equal(10, writer.Room);
    }

    [Fact]
    public void What_was_taken_back_is_not_pointed_to()
    {
        var buffer = new byte[512];
        var writer = new MessageWriter(buffer, new CompressionTable());
        writer.TryWriteQuestion(DnsName.Parse("q.").Span, RecordType.A, RecordClass.IN);
        var start = writer.Position;
        writer.TryWriteRecord(DnsName.Parse("a.b.c.").Span, RecordType.A, RecordClass.IN, 60, Address);
        writer.Rewind(start);
        writer.TryWriteRecord(DnsName.Parse("x.b.c.").Span, RecordType.A, RecordClass.IN, 60, Address);

        Finish(buffer, records: 1);
        Assert.Equal("x.b.c.", WireMessage.Decode(buffer[..writer.Position]).Answer.Single().ToString().Split(' ')[0]);
    }

    // Two decoders that share no code with the product read back what was written.
    [Fact]
    public void Any_names_are_read_back_by_other_decoders()
    {
        var table = new CompressionTable();
        Gen.Select(DnsNameTests.AnyName(), DnsNameTests.AnyName().Array[1, 40]).Sample((question, names) =>
        {
            var buffer = new byte[16_384];
            var writer = new MessageWriter(buffer, table);
            var isWritten = writer.TryWriteQuestion(new NameSpan(question), RecordType.CNAME, RecordClass.IN);
            foreach (var name in names)
            {
                isWritten &= writer.TryWriteRecord(new NameSpan(name), RecordType.CNAME, RecordClass.IN, 60, name);
            }

            Finish(buffer, names.Length);
            var message = buffer[..writer.Position];
            var expected = names.Select(static name => new NameSpan(name).ToString()).ToArray();
            var reader = new MessageReader(message);
            return isWritten && AreRead(ref reader, names)
                && WireMessage.Decode(message).Answer.Select(static record => record.ToString().Split(' ')[0]).SequenceEqual(expected)
                && DnsMessage.Parse(message).AnswerRecords.Count == names.Length;
        }, threads: 1);
    }

    private static bool AreRead(ref MessageReader reader, byte[][] names)
    {
        var name = new byte[NameSpan.MaxLength];
        if (!reader.TryReadHeader(out _) || !reader.TryReadQuestion(name, out _, out _, out _))
        {
            return false;
        }

        foreach (var expected in names)
        {
            if (!reader.TryReadRecord(name, out var length, out _) || !name.AsSpan(0, length).SequenceEqual(expected))
            {
                return false;
            }
        }

        return reader.AtEnd;
    }

    private static void Finish(byte[] buffer, int records) => new MessageHeader(
        1, HeaderFlags.Response, OpCode.Query, ResponseCode.NoError, 1, (ushort)records, 0, 0).Write(buffer);
}
