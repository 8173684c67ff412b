using System.Buffers.Binary;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Tsig;

/// <summary>Adds a TSIG record to a finished message.</summary>
internal static class TsigWriter
{
    public static int SizeOf(NameSpan keyName, NameSpan algorithm, int macLength, int otherLength) =>
        keyName.Length + RecordHeader.FixedSize + algorithm.Length + TsigRecord.FixedSize + macLength + otherLength;

    /// <returns>Octets of the message with it. The names are not compressed (RFC 8945 §4.2).</returns>
    public static int Write(
        Span<byte> message,
        int length,
        NameSpan keyName,
        NameSpan algorithm,
        long time,
        ushort fudge,
        ReadOnlySpan<byte> mac,
        ResponseCode error,
        ReadOnlySpan<byte> other)
    {
        var record = message[length..];
        keyName.Wire.CopyTo(record);
        record = record[keyName.Length..];
        BinaryPrimitives.WriteUInt16BigEndian(record, (ushort)RecordType.TSIG);
        BinaryPrimitives.WriteUInt16BigEndian(record[2..], (ushort)RecordClass.ANY);
        BinaryPrimitives.WriteUInt32BigEndian(record[4..], 0);
        var rdataLength = algorithm.Length + TsigRecord.FixedSize + mac.Length + other.Length;
        BinaryPrimitives.WriteUInt16BigEndian(record[8..], (ushort)rdataLength);
        record = record[RecordHeader.FixedSize..];
        algorithm.Wire.CopyTo(record);
        record = record[algorithm.Length..];
        TsigVariables.WriteTimers(record, time, fudge);
        BinaryPrimitives.WriteUInt16BigEndian(record[8..], (ushort)mac.Length);
        mac.CopyTo(record[10..]);
        record = record[(10 + mac.Length)..];
        message[..2].CopyTo(record); // the original ID is the message's own
        BinaryPrimitives.WriteUInt16BigEndian(record[2..], (ushort)error);
        BinaryPrimitives.WriteUInt16BigEndian(record[4..], (ushort)other.Length);
        other.CopyTo(record[6..]);
        var additionals = BinaryPrimitives.ReadUInt16BigEndian(message[10..]);
        BinaryPrimitives.WriteUInt16BigEndian(message[10..], (ushort)(additionals + 1));
        return length + SizeOf(keyName, algorithm, mac.Length, other.Length);
    }
}
