using System.Buffers.Binary;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Protocol.Messages;

/// <summary>
/// Reads a message from front to back. Every method says false at the first octet that is wrong, does work in proportion
/// to what arrived, allocates nothing and never throws.
/// </summary>
/// <param name="position">Where to begin: 0, or the end of something that was read before.</param>
public ref struct MessageReader(ReadOnlySpan<byte> message, int position = 0)
{
    private readonly ReadOnlySpan<byte> _message = message;

    /// <summary>Offset of the next octet.</summary>
    public int Position { get; private set; } = position;

    public WireError Error { get; private set; }

    public readonly bool AtEnd => Position == _message.Length;

    public bool TryReadHeader(out MessageHeader header)
    {
        if (!MessageHeader.TryRead(_message, out header))
        {
            return Fail(WireError.Truncated);
        }

        Position = MessageHeader.Size;
        return true;
    }

    /// <summary>Reads one question; <paramref name="name"/> gets the QNAME in the case it came in.</summary>
    public bool TryReadQuestion(scoped Span<byte> name, out int nameLength, out RecordType type, out RecordClass recordClass)
    {
        type = default;
        recordClass = default;
        if (!TryReadName(name, out nameLength))
        {
            return false;
        }

        if (_message.Length - Position < 4)
        {
            return Fail(WireError.Truncated);
        }

        type = (RecordType)BinaryPrimitives.ReadUInt16BigEndian(_message[Position..]);
        recordClass = (RecordClass)BinaryPrimitives.ReadUInt16BigEndian(_message[(Position + 2)..]);
        Position += 4;
        return true;
    }

    /// <summary>
    /// Reads one record; <paramref name="owner"/> gets its owner. The RDATA stays in the message, compressed as it came:
    /// <see cref="RdataCodec"/> unpacks it.
    /// </summary>
    public bool TryReadRecord(scoped Span<byte> owner, out int ownerLength, out RecordHeader record)
    {
        record = default;
        if (!TryReadName(owner, out ownerLength))
        {
            return false;
        }

        if (_message.Length - Position < RecordHeader.FixedSize)
        {
            return Fail(WireError.Truncated);
        }

        var fixedPart = _message[Position..];
        var length = BinaryPrimitives.ReadUInt16BigEndian(fixedPart[8..]);
        record = new RecordHeader(
            (RecordType)BinaryPrimitives.ReadUInt16BigEndian(fixedPart),
            (RecordClass)BinaryPrimitives.ReadUInt16BigEndian(fixedPart[2..]),
            BinaryPrimitives.ReadUInt32BigEndian(fixedPart[4..]),
            Position + RecordHeader.FixedSize,
            length);
        if (_message.Length - record.RdataOffset < length)
        {
            return Fail(WireError.Truncated);
        }

        Position = record.RdataOffset + length;
        return true;
    }

    /// <summary>Reads a name at the current position, following pointers.</summary>
    public bool TryReadName(scoped Span<byte> name, out int length)
    {
        var error = WireName.TryRead(_message, Position, name, out length, out var next);
        if (error != WireError.None)
        {
            return Fail(error);
        }

        Position = next;
        return true;
    }

    /// <summary>Steps over octets.</summary>
    public bool TrySkip(int count)
    {
        if (_message.Length - Position < count)
        {
            return Fail(WireError.Truncated);
        }

        Position += count;
        return true;
    }

    private bool Fail(WireError error)
    {
        Error = error;
        return false;
    }
}
