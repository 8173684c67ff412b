using System.Buffers;
using Grpc.Core;

namespace ClusterDns.Plugins.Grpc;

/// <summary>
/// CoreDNS's message for DNS over gRPC, one field long: <c>message DnsPacket { bytes msg = 1; }</c>. Its Protocol Buffers form is
/// written and read here, where a length is checked before anything is copied.
/// </summary>
/// <param name="Message">One DNS message.</param>
internal sealed record DnsPacket(ReadOnlyMemory<byte> Message)
{
    /// <summary>Octets a packet may have: the longest DNS message, its tag and its length, and a little for what is unknown.</summary>
    public const int MaxSize = ushort.MaxValue + 1024;

    // Field 1, wire type 2: length and octets.
    private const byte MessageTag = 0x0a;

    /// <summary>The service's only method.</summary>
    public static Method<DnsPacket, DnsPacket> Query { get; } = CreateQuery();

    /// <summary>Octets this packet takes on the wire.</summary>
    public int Size => 1 + SizeOfVarint((uint)Message.Length) + Message.Length;

    /// <returns>Octets written.</returns>
    public int Write(Span<byte> destination)
    {
        destination[0] = MessageTag;
        var position = 1;
        var length = (uint)Message.Length;
        for (; length >= 0x80; length >>= 7)
        {
            destination[position++] = (byte)(length | 0x80);
        }

        destination[position++] = (byte)length;
        Message.Span.CopyTo(destination[position..]);
        return position + Message.Length;
    }

    /// <summary>Reads a packet; fields it does not know are passed over. False: it is malformed, or its message is too long.</summary>
    public static bool TryRead(in ReadOnlySequence<byte> octets, out DnsPacket packet)
    {
        packet = new DnsPacket(default(ReadOnlyMemory<byte>));
        var reader = new SequenceReader<byte>(octets);
        while (!reader.End)
        {
            if (!TryReadVarint(ref reader, out var tag) || tag >> 3 == 0)
            {
                return false;
            }

            var isMessage = tag == MessageTag;
            if (!TryReadField(ref reader, (int)(tag & 7), isMessage, out var message))
            {
                return false;
            }

            if (isMessage)
            {
                packet = new DnsPacket(message);
            }
        }

        return true;
    }

    private static bool TryReadField(ref SequenceReader<byte> reader, int wireType, bool isMessage, out ReadOnlyMemory<byte> message)
    {
        message = default;
        switch (wireType)
        {
            case 0:
                return TryReadVarint(ref reader, out _);
            case 1 when reader.Remaining >= 8:
                reader.Advance(8);
                return true;
            case 5 when reader.Remaining >= 4:
                reader.Advance(4);
                return true;
            case 2:
                break;
            default:
                return false;
        }

        if (!TryReadVarint(ref reader, out var length) || length > (ulong)reader.Remaining || (isMessage && length > ushort.MaxValue))
        {
            return false;
        }

        if (isMessage)
        {
            message = reader.UnreadSequence.Slice(0, (long)length).ToArray();
        }

        reader.Advance((long)length);
        return true;
    }

    private static bool TryReadVarint(ref SequenceReader<byte> reader, out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (!reader.TryRead(out var octet))
            {
                return false;
            }

            value |= (ulong)(octet & 0x7f) << shift;
            if (octet < 0x80)
            {
                return true;
            }
        }

        return false;
    }

    private static int SizeOfVarint(uint value) => value < 0x80 ? 1 : value < 0x4000 ? 2 : 3;

    private static Method<DnsPacket, DnsPacket> CreateQuery()
    {
        var marshaller = new Marshaller<DnsPacket>(Serialize, Deserialize);
        return new Method<DnsPacket, DnsPacket>(MethodType.Unary, "coredns.dns.DnsService", "Query", marshaller, marshaller);
    }

    private static void Serialize(DnsPacket packet, SerializationContext context)
    {
        context.SetPayloadLength(packet.Size);
        var writer = context.GetBufferWriter();
        writer.Advance(packet.Write(writer.GetSpan(packet.Size)));
        context.Complete();
    }

    private static DnsPacket Deserialize(DeserializationContext context) => TryRead(context.PayloadAsReadOnlySequence(), out var packet)
        ? packet
        : throw new RpcException(new Status(StatusCode.InvalidArgument, "no DnsPacket"));
}
