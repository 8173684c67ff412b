using System.Buffers.Binary;

namespace ClusterDns.Protocol.Messages;

/// <summary>The twelve octets that every message starts with (RFC 1035 §4.1.1).</summary>
public readonly struct MessageHeader(
    ushort id, HeaderFlags flags, OpCode opCode, ResponseCode responseCode, ushort questions, ushort answers, ushort authorities, ushort additionals)
{
    /// <summary>Octets of a header.</summary>
    public const int Size = 12;

    public ushort Id { get; } = id;

    public HeaderFlags Flags { get; } = flags;

    public OpCode OpCode { get; } = opCode;

    /// <summary>The lower four bits of the RCODE; an OPT may add the rest.</summary>
    public ResponseCode ResponseCode { get; } = responseCode;

    public ushort Questions { get; } = questions;

    public ushort Answers { get; } = answers;

    public ushort Authorities { get; } = authorities;

    public ushort Additionals { get; } = additionals;

    public bool IsResponse => (Flags & HeaderFlags.Response) != 0;

    /// <summary>False where fewer than twelve octets are there.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out MessageHeader header)
    {
        if (message.Length < Size)
        {
            header = default;
            return false;
        }

        var bits = BinaryPrimitives.ReadUInt16BigEndian(message[2..]);
        header = new MessageHeader(
            BinaryPrimitives.ReadUInt16BigEndian(message),
            (HeaderFlags)bits & HeaderFlags.All,
            (OpCode)((bits >> 11) & 0xf),
            (ResponseCode)(bits & 0xf),
            BinaryPrimitives.ReadUInt16BigEndian(message[4..]),
            BinaryPrimitives.ReadUInt16BigEndian(message[6..]),
            BinaryPrimitives.ReadUInt16BigEndian(message[8..]),
            BinaryPrimitives.ReadUInt16BigEndian(message[10..]));
        return true;
    }

    /// <summary>Writes the twelve octets; only the lower four bits of the RCODE find room here.</summary>
    public void Write(Span<byte> message)
    {
        BinaryPrimitives.WriteUInt16BigEndian(message, Id);
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], (ushort)((ushort)Flags | ((int)OpCode << 11) | ((int)ResponseCode & 0xf)));
        BinaryPrimitives.WriteUInt16BigEndian(message[4..], Questions);
        BinaryPrimitives.WriteUInt16BigEndian(message[6..], Answers);
        BinaryPrimitives.WriteUInt16BigEndian(message[8..], Authorities);
        BinaryPrimitives.WriteUInt16BigEndian(message[10..], Additionals);
    }
}
