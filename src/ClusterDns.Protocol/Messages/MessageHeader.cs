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

        var first = BinaryPrimitives.ReadUInt64BigEndian(message);
        var last = BinaryPrimitives.ReadUInt32BigEndian(message[8..]);
        var bits = (ushort)(first >> 32);
        header = new MessageHeader(
            (ushort)(first >> 48),
            (HeaderFlags)bits & HeaderFlags.All,
            (OpCode)((bits >> 11) & 0xf),
            (ResponseCode)(bits & 0xf),
            (ushort)(first >> 16),
            (ushort)first,
            (ushort)(last >> 16),
            (ushort)last);
        return true;
    }

    /// <summary>Writes the twelve octets; only the lower four bits of the RCODE find room here.</summary>
    public void Write(Span<byte> message)
    {
        var bits = (ushort)((ushort)Flags | ((int)OpCode << 11) | ((int)ResponseCode & 0xf));
        BinaryPrimitives.WriteUInt64BigEndian(message, ((ulong)Id << 48) | ((ulong)bits << 32) | ((ulong)Questions << 16) | Answers);
        BinaryPrimitives.WriteUInt32BigEndian(message[8..], ((uint)Authorities << 16) | Additionals);
    }
}
