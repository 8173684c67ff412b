using System.Buffers.Binary;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Protocol.Messages;

/// <summary>A TSIG record where it stands in a message (RFC 8945 §4.2).</summary>
public readonly ref struct TsigRecord
{
    /// <summary>Octets of the RDATA beside the algorithm's name, the MAC and the other data.</summary>
    public const int FixedSize = 16;

    /// <summary>The error 16, which in this record means that the MAC is wrong (RFC 8945 §3).</summary>
    public const ResponseCode BadSig = ResponseCode.BadVers;

    /// <summary>The key's name, in the case it came in.</summary>
    public NameSpan KeyName { get; private init; }

    /// <summary>In the case it came in.</summary>
    public NameSpan Algorithm { get; private init; }

    /// <summary>Seconds since 1970, 48 bits.</summary>
    public long TimeSigned { get; private init; }

    /// <summary>Seconds that <see cref="TimeSigned"/> may be off.</summary>
    public ushort Fudge { get; private init; }

    public ReadOnlySpan<byte> Mac { get; private init; }

    /// <summary>The message's ID when it was signed; a forwarder may have changed it since.</summary>
    public ushort OriginalId { get; private init; }

    public ResponseCode Error { get; private init; }

    public ReadOnlySpan<byte> Other { get; private init; }

    /// <summary>Reads the record that begins at <paramref name="offset"/>. False: it is none, or its form is wrong.</summary>
    /// <param name="names">510 octets that the names are unpacked into; the record is a view of them and of the message.</param>
    public static bool TryRead(ReadOnlySpan<byte> message, int offset, Span<byte> names, out TsigRecord record)
    {
        record = default;
        var reader = new MessageReader(message);
        var keyName = names[..NameSpan.MaxLength];
        var algorithm = names.Slice(NameSpan.MaxLength, NameSpan.MaxLength);
        if (!reader.TrySkip(offset)
            || !reader.TryReadRecord(keyName, out var keyLength, out var header)
            || header is not { Type: RecordType.TSIG, Class: RecordClass.ANY, Ttl: 0 }
            || WireName.TryRead(message, header.RdataOffset, algorithm, out var algorithmLength, out var next) != WireError.None)
        {
            return false;
        }

        var end = header.RdataOffset + header.RdataLength;
        if (end - next < FixedSize)
        {
            return false;
        }

        var rest = message[next..end];
        var macLength = BinaryPrimitives.ReadUInt16BigEndian(rest[8..]);
        if (rest.Length < FixedSize + macLength)
        {
            return false;
        }

        var tail = rest[(10 + macLength)..];
        var otherLength = BinaryPrimitives.ReadUInt16BigEndian(tail[4..]);
        if (tail.Length != 6 + otherLength)
        {
            return false;
        }

        record = new TsigRecord
        {
            KeyName = new NameSpan(keyName[..keyLength]),
            Algorithm = new NameSpan(algorithm[..algorithmLength]),
            TimeSigned = ((long)BinaryPrimitives.ReadUInt16BigEndian(rest) << 32) | BinaryPrimitives.ReadUInt32BigEndian(rest[2..]),
            Fudge = BinaryPrimitives.ReadUInt16BigEndian(rest[6..]),
            Mac = rest.Slice(10, macLength),
            OriginalId = BinaryPrimitives.ReadUInt16BigEndian(tail),
            Error = (ResponseCode)BinaryPrimitives.ReadUInt16BigEndian(tail[2..]),
            Other = tail[6..],
        };
        return true;
    }
}
