using System.Buffers.Binary;

namespace ClusterDns.Testing.Wire;

/// <summary>A cursor over one message; every read past the end throws <see cref="WireFormatException"/>.</summary>
public sealed class WireReader(byte[] message, int position = 0, int? end = null)
{
    private const int LongestName = 255;

    public int Position { get; private set; } = position;

    public int End { get; } = end ?? message.Length;

    public int Remaining => End - Position;

    public byte Byte() => Bytes(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16BigEndian(Bytes(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Bytes(4));

    public byte[] CharacterString() => Bytes(Byte());

    public byte[] Rest() => Bytes(Remaining);

    public byte[] Bytes(int count)
    {
        if (count > Remaining)
        {
            throw new WireFormatException($"{count} octets wanted at {Position}, {Remaining} left");
        }

        byte[] bytes = message.AsSpan(Position, count).ToArray();
        Position += count;
        return bytes;
    }

    /// <summary>Reads a name, following pointers backwards only (RFC 1035 §4.1.4).</summary>
    public WireName Name()
    {
        List<byte[]> labels = [];
        int length = 0;
        int at = Position;
        int limit = at;
        bool jumped = false;
        while (true)
        {
            byte octet = At(at);
            if (octet >= 0xc0)
            {
                int target = ((octet & 0x3f) << 8) | At(at + 1);
                Position = jumped ? Position : at + 2;
                if (target >= limit)
                {
                    throw new WireFormatException($"pointer at {at} does not point back");
                }

                (at, limit, jumped) = (target, target, true);
                continue;
            }

            if (octet >= 0x40)
            {
                throw new WireFormatException($"label type {octet:x2} at {at}");
            }

            length += octet + 1;
            if (length > LongestName || at + 1 + octet > message.Length)
            {
                throw new WireFormatException($"name at {at} does not end");
            }

            if (octet == 0)
            {
                Position = jumped ? Position : at + 1;
                return Position <= End ? new WireName(labels) : throw new WireFormatException("name past the RDATA");
            }

            labels.Add(message.AsSpan(at + 1, octet).ToArray());
            at += octet + 1;
        }
    }

    private byte At(int index) =>
        index < message.Length ? message[index] : throw new WireFormatException($"no octet at {index}");
}
