using System.Buffers.Binary;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Protocol.Messages;

/// <summary>
/// Writes a message front to back into a buffer whose length is the limit. A record that does not fit is not written at
/// all. Names are compressed against the question and against what <see cref="CompressionTable"/> remembers, case kept.
/// </summary>
/// <param name="buffer">The whole room for the message.</param>
/// <param name="names">Reset by this constructor; null: compress against the question alone.</param>
public ref struct MessageWriter(Span<byte> buffer, CompressionTable? names)
{
    /// <summary>The last offset a pointer can name (RFC 1035 §4.1.4: 14 bits).</summary>
    public const int MaxPointer = 0x3fff;

    private readonly Span<byte> _buffer = buffer;
    private bool _tableReady;
    private int _questionLength;

    /// <summary>Octets written.</summary>
    public int Position { get; private set; } = MessageHeader.Size;

    /// <summary>Octets still free.</summary>
    public readonly int Room => _buffer.Length - Position;

    /// <summary>What has been written; the header is its caller's to fill in at the end.</summary>
    public readonly Span<byte> Written => _buffer[..Position];

    /// <summary>Writes the question; must come before every record.</summary>
    public bool TryWriteQuestion(NameSpan name, RecordType type, RecordClass recordClass)
    {
        if (Room < name.Length + 4)
        {
            return false;
        }

        name.Wire.CopyTo(_buffer[Position..]);
        _questionLength = name.Length;
        Position += name.Length;
        WriteUInt16((ushort)type);
        WriteUInt16((ushort)recordClass);
        return true;
    }

    /// <summary>Writes one record whose owner is the question's name.</summary>
    public bool TryWriteQuestionRecord(RecordType type, RecordClass recordClass, uint ttl, ReadOnlySpan<byte> rdata)
    {
        var start = Position;
        if (_questionLength <= 1)
        {
            return TryWriteRecord(NameSpan.Root, type, recordClass, ttl, rdata);
        }

        return (TryWriteUInt16(0xc000 | MessageHeader.Size) && TryWriteRest(type, recordClass, ttl, rdata)) || Rewind(start);
    }

    /// <summary>Writes one record; its RDATA is in uncompressed wire form.</summary>
    public bool TryWriteRecord(
        scoped NameSpan owner, RecordType type, RecordClass recordClass, uint ttl, scoped ReadOnlySpan<byte> rdata)
    {
        var start = Position;
        return (TryWriteName(owner) && TryWriteRest(type, recordClass, ttl, rdata)) || Rewind(start);
    }

    /// <summary>Writes octets as they are.</summary>
    public bool TryWriteOctets(scoped ReadOnlySpan<byte> octets)
    {
        if (Room < octets.Length)
        {
            return false;
        }

        octets.CopyTo(_buffer[Position..]);
        Position += octets.Length;
        return true;
    }

    /// <summary>Takes back everything behind <paramref name="position"/>. Names written there must not be pointed to afterwards.</summary>
    public bool Rewind(int position)
    {
        // Names remembered from what is taken back would be pointed to wrongly: forget all of them.
        if (_tableReady && position != Position)
        {
            names!.Reset();
        }

        Position = position;
        return false;
    }

    private bool TryWriteRest(RecordType type, RecordClass recordClass, uint ttl, scoped ReadOnlySpan<byte> rdata)
    {
        if (Room < RecordHeader.FixedSize)
        {
            return false;
        }

        WriteUInt16((ushort)type);
        WriteUInt16((ushort)recordClass);
        BinaryPrimitives.WriteUInt32BigEndian(_buffer[Position..], ttl);
        Position += 4;
        var lengthAt = Position;
        Position += 2;
        if (!TryWriteRdata(type, rdata))
        {
            return false;
        }

        BinaryPrimitives.WriteUInt16BigEndian(_buffer[lengthAt..], (ushort)(Position - lengthAt - 2));
        return true;
    }

    private bool TryWriteRdata(RecordType type, scoped ReadOnlySpan<byte> rdata)
    {
        // The two types that nearly every answer is made of have no names.
        if (type is RecordType.A or RecordType.AAAA)
        {
            return TryWriteOctets(rdata);
        }

        if (type is RecordType.SRV)
        {
            return TryWriteSrv(rdata);
        }

        var layout = RdataLayout.Of(type);
        if (!layout.Compressible)
        {
            return TryWriteOctets(rdata);
        }

        if (!TryWriteOctets(rdata[..layout.Prefix]))
        {
            return false;
        }

        rdata = rdata[layout.Prefix..];
        for (var index = 0; index < layout.Names; index++)
        {
            if (!WireName.TryMeasure(rdata, out var length) || !TryWriteName(new NameSpan(rdata[..length])))
            {
                return false;
            }

            rdata = rdata[length..];
        }

        return TryWriteOctets(rdata);
    }

    // A target is not compressed (RFC 2782), but the addresses of it that follow may point to it.
    private bool TryWriteSrv(scoped ReadOnlySpan<byte> rdata)
    {
        const int TargetOffset = 6;
        var start = Position;
        if (!TryWriteOctets(rdata))
        {
            return false;
        }

        if (names is not null && rdata.Length > TargetOffset)
        {
            EnsureTable();
            for (var offset = TargetOffset; rdata[offset] != 0 && Find(rdata[offset..]) < 0; offset += rdata[offset] + 1)
            {
                names.Add(rdata[offset..], start + offset);
            }
        }

        return true;
    }

    private bool TryWriteName(scoped NameSpan name)
    {
        var wire = name.Wire;
        while (wire.Length > 1)
        {
            var known = Find(wire);
            if (known >= 0)
            {
                return TryWriteUInt16((ushort)(0xc000 | known));
            }

            var size = wire[0] + 1;
            if (Room < size)
            {
                return false;
            }

            if (names is not null)
            {
                EnsureTable();
                names.Add(wire, Position);
            }

            wire[..size].CopyTo(_buffer[Position..]);
            Position += size;
            wire = wire[size..];
        }

        if (Room < 1)
        {
            return false;
        }

        _buffer[Position++] = 0;
        return true;
    }

    // The question first: its suffixes are where nearly all pointers go, and comparing beats hashing.
    private readonly int Find(scoped ReadOnlySpan<byte> wire)
    {
        var skipped = _questionLength - wire.Length;
        if (skipped >= 0)
        {
            var question = _buffer.Slice(MessageHeader.Size, _questionLength);
            if (question[skipped..].SequenceEqual(wire) && IsLabelStart(question, skipped))
            {
                return MessageHeader.Size + skipped;
            }
        }

        return _tableReady ? names!.Find(_buffer[..Position], wire) : -1;
    }

    private static bool IsLabelStart(ReadOnlySpan<byte> name, int offset)
    {
        var start = 0;
        while (start < offset)
        {
            start += name[start] + 1;
        }

        return start == offset;
    }

    private void EnsureTable()
    {
        if (!_tableReady)
        {
            names!.Reset();
            _tableReady = true;
        }
    }

    private bool TryWriteUInt16(ushort value)
    {
        if (Room < 2)
        {
            return false;
        }

        WriteUInt16(value);
        return true;
    }

    private void WriteUInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[Position..], value);
        Position += 2;
    }
}
