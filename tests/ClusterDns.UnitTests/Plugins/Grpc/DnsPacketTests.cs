using System.Buffers;
using ClusterDns.Plugins.Grpc;
using CsCheck;
using Google.Protobuf;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Grpc;

/// <summary>The packet's form, with Google's reader and writer as the other side.</summary>
public sealed class DnsPacketTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(16_383)]
    [InlineData(16_384)]
    [InlineData(65_535)]
    public void Write_is_what_Protocol_Buffers_read(int length)
    {
        var message = new byte[length];
        Array.Fill(message, (byte)7);
        var packet = new DnsPacket(message);
        var octets = new byte[packet.Size];

        Assert.Equal(octets.Length, packet.Write(octets));

        var reader = new CodedInputStream(octets);
        Assert.Equal(WireFormat.MakeTag(1, WireFormat.WireType.LengthDelimited), reader.ReadTag());
        Assert.Equal(message, reader.ReadBytes().ToByteArray());
        Assert.True(reader.IsAtEnd);
    }

    [Fact]
    public void TryRead_passes_over_fields_it_does_not_know()
    {
        using var stream = new MemoryStream();
        var writer = new CodedOutputStream(stream);
        writer.WriteTag(2, WireFormat.WireType.Varint);
        writer.WriteUInt64(ulong.MaxValue);
        writer.WriteTag(3, WireFormat.WireType.Fixed64);
        writer.WriteFixed64(1);
        writer.WriteTag(4, WireFormat.WireType.Fixed32);
        writer.WriteFixed32(1);
        writer.WriteTag(5, WireFormat.WireType.LengthDelimited);
        writer.WriteString("text");
        writer.WriteTag(1, WireFormat.WireType.LengthDelimited);
        writer.WriteBytes(ByteString.CopyFrom(1, 2, 3));
        writer.Flush();

        Assert.True(DnsPacket.TryRead(new ReadOnlySequence<byte>(stream.ToArray()), out var packet));
        Assert.Equal([1, 2, 3], packet.Message.ToArray());
    }

    [Theory]
    [InlineData(new byte[] { 0x0a })]
    [InlineData(new byte[] { 0x0a, 2, 1 })]
    [InlineData(new byte[] { 0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff })]
    [InlineData(new byte[] { 0x0b })]
    [InlineData(new byte[] { 0x02, 0 })]
    [InlineData(new byte[] { 0x10, 0x80 })]
    [InlineData(new byte[] { 0x1d, 1, 2, 3 })]
    public void TryRead_refuses_what_is_malformed(byte[] octets)
    {
        Assert.False(DnsPacket.TryRead(new ReadOnlySequence<byte>(octets), out _));
    }

    [Fact]
    public void TryRead_refuses_a_message_longer_than_DNS_has_before_copying_it()
    {
        var octets = new byte[65_536 + 4];
        octets[0] = 0x0a;
        octets[1] = 0x80;
        octets[2] = 0x80;
        octets[3] = 0x04;

        Assert.False(DnsPacket.TryRead(new ReadOnlySequence<byte>(octets), out _));
    }

    [Fact]
    public void TryRead_never_throws() => Gen.Byte.Array[0, 64].Sample(octets =>
    {
        if (DnsPacket.TryRead(new ReadOnlySequence<byte>(octets), out var packet))
        {
            Assert.InRange(packet.Message.Length, 0, octets.Length);
        }
    });
}
