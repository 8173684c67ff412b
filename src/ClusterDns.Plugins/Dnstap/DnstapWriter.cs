using System.Buffers.Binary;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Dnstap;

/// <summary>
/// Writes dnstap's Protocol Buffers as data frames of Frame Streams. Of dnstap.proto: <c>Dnstap</c> has identity 1, version 2,
/// extra 3, message 14, type 15; <c>Message</c> has the fields that are named where they are written.
/// </summary>
/// <param name="identity">Who we are; empty: not said.</param>
/// <param name="version">What we are; empty: not said.</param>
internal sealed class DnstapWriter(byte[] identity, byte[] version)
{
    private const int LengthSize = 4;
    private const int Varint = 0;
    private const int Octets = 2;
    private const int Fixed32 = 5;

    // More than any message takes beside its octets of variable length.
    private const int FixedSize = 192;

    // Room for the length of a message of up to 2 MiB, of which it takes what it needs.
    private const int MessageLengthRoom = 3;

    /// <summary>Octets that are enough for a frame.</summary>
    public int MaxSizeOf(in DnstapMessage message) =>
        FixedSize + identity.Length + version.Length + message.Extra.Length + message.Query.Length + message.Response.Length;

    /// <returns>Octets written: the frame with its length before it.</returns>
    public int Write(in DnstapMessage message, Span<byte> frame)
    {
        var position = LengthSize;
        Write(frame, ref position, 1, identity);
        Write(frame, ref position, 2, version);
        Write(frame, ref position, 3, message.Extra);
        WriteNumber(frame, ref position, 15, 1); // MESSAGE
        WriteTag(frame, ref position, 14, Octets);
        var start = position + MessageLengthRoom;
        var end = start;
        WriteMessage(message, frame, ref end);
        var length = end - start;
        WriteVarint(frame, ref position, (ulong)length);
        frame[start..end].CopyTo(frame[position..]);
        position += length;
        BinaryPrimitives.WriteInt32BigEndian(frame, position - LengthSize);
        return position;
    }

    private static void WriteMessage(in DnstapMessage message, Span<byte> frame, ref int position)
    {
        WriteNumber(frame, ref position, 1, (ulong)message.Type);
        WriteNumber(frame, ref position, 2, message.Initiator.Address.IsIPv4 ? 1u : 2u); // socket_family: INET, INET6
        WriteNumber(frame, ref position, 3, SocketProtocol(message.Protocol)); // socket_protocol
        WriteAddress(frame, ref position, 4, message.Initiator.Address); // query_address
        if (message.Responder is { } responder)
        {
            WriteAddress(frame, ref position, 5, responder.Address); // response_address
        }

        WriteNumber(frame, ref position, 6, message.Initiator.Port); // query_port
        if (message.Responder is { } asked)
        {
            WriteNumber(frame, ref position, 7, asked.Port); // response_port
        }

        WriteTime(frame, ref position, 8, message.QueryTime); // query_time_sec, query_time_nsec
        Write(frame, ref position, 10, message.Query); // query_message
        if (message.ResponseTime is { } answered)
        {
            WriteTime(frame, ref position, 12, answered); // response_time_sec, response_time_nsec
        }

        Write(frame, ref position, 14, message.Response); // response_message
    }

    private static ulong SocketProtocol(TransportProtocol protocol) => protocol switch
    {
        TransportProtocol.Udp => 1,
        TransportProtocol.Tls => 3,
        TransportProtocol.Https or TransportProtocol.Https3 => 4,
        TransportProtocol.Quic => 7,
        _ => 2,
    };

    private static void WriteAddress(Span<byte> frame, ref int position, int field, IPAddressValue address)
    {
        Span<byte> octets = stackalloc byte[16];
        Write(frame, ref position, field, octets[..address.WriteOctets(octets)]);
    }

    // Seconds as a number, and nanoseconds in four octets in the field behind it.
    private static void WriteTime(Span<byte> frame, ref int position, int field, DateTimeOffset time)
    {
        WriteNumber(frame, ref position, field, (ulong)time.ToUnixTimeSeconds());
        WriteTag(frame, ref position, field + 1, Fixed32);
        BinaryPrimitives.WriteUInt32LittleEndian(
            frame[position..], (uint)(time.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick));
        position += 4;
    }

    private static void Write(Span<byte> frame, ref int position, int field, ReadOnlySpan<byte> octets)
    {
        if (octets.IsEmpty)
        {
            return;
        }

        WriteTag(frame, ref position, field, Octets);
        WriteVarint(frame, ref position, (ulong)octets.Length);
        octets.CopyTo(frame[position..]);
        position += octets.Length;
    }

    private static void WriteNumber(Span<byte> frame, ref int position, int field, ulong value)
    {
        WriteTag(frame, ref position, field, Varint);
        WriteVarint(frame, ref position, value);
    }

    // Field numbers up to 15 fit one octet with their wire type.
    private static void WriteTag(Span<byte> frame, ref int position, int field, int wireType) =>
        frame[position++] = (byte)((field << 3) | wireType);

    private static void WriteVarint(Span<byte> frame, ref int position, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            frame[position++] = (byte)(value | 0x80);
        }

        frame[position++] = (byte)value;
    }
}
