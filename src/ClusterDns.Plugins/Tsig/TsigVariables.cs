using System.Buffers.Binary;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Tsig;

/// <summary>What is signed beside the message (RFC 8945 §4.3.3).</summary>
internal static class TsigVariables
{
    /// <summary>The MAC that came before: the request's for its answer, each message's for the next (§5.3.1).</summary>
    public static void AppendPrior(ITsigDigest digest, ReadOnlySpan<byte> mac)
    {
        Span<byte> length = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)mac.Length);
        digest.Append(length);
        digest.Append(mac);
    }

    /// <summary>All of them, as the first message of either side has them signed.</summary>
    public static void Append(
        ITsigDigest digest,
        NameSpan keyName,
        NameSpan algorithm,
        long time,
        ushort fudge,
        ResponseCode error,
        ReadOnlySpan<byte> other)
    {
        Span<byte> octets = stackalloc byte[(2 * NameSpan.MaxLength) + 18 + other.Length];
        OctetCase.ToLower(keyName.Wire, octets);
        var position = keyName.Length;
        BinaryPrimitives.WriteUInt16BigEndian(octets[position..], (ushort)RecordClass.ANY);
        BinaryPrimitives.WriteUInt32BigEndian(octets[(position + 2)..], 0);
        position += 6;
        OctetCase.ToLower(algorithm.Wire, octets[position..]);
        position += algorithm.Length;
        WriteTimers(octets[position..], time, fudge);
        position += 8;
        BinaryPrimitives.WriteUInt16BigEndian(octets[position..], (ushort)error);
        BinaryPrimitives.WriteUInt16BigEndian(octets[(position + 2)..], (ushort)other.Length);
        other.CopyTo(octets[(position + 4)..]);
        digest.Append(octets[..(position + 4 + other.Length)]);
    }

    /// <summary>The time alone, as all further messages have it signed (§5.3.1).</summary>
    public static void AppendTimers(ITsigDigest digest, long time, ushort fudge)
    {
        Span<byte> timers = stackalloc byte[8];
        WriteTimers(timers, time, fudge);
        digest.Append(timers);
    }

    public static void WriteTimers(Span<byte> octets, long time, ushort fudge)
    {
        BinaryPrimitives.WriteUInt16BigEndian(octets, (ushort)(time >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(octets[2..], (uint)time);
        BinaryPrimitives.WriteUInt16BigEndian(octets[6..], fudge);
    }

    /// <summary>The message as it was before the record was added: one record less, and the ID it was signed with (§5.3.3).</summary>
    public static void AppendMessage(ITsigDigest digest, ReadOnlySpan<byte> message, int recordOffset, ushort originalId)
    {
        Span<byte> header = stackalloc byte[MessageHeader.Size];
        message[..MessageHeader.Size].CopyTo(header);
        BinaryPrimitives.WriteUInt16BigEndian(header, originalId);
        var additionals = BinaryPrimitives.ReadUInt16BigEndian(header[10..]);
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], (ushort)(additionals - 1));
        digest.Append(header);
        digest.Append(message[MessageHeader.Size..recordOffset]);
    }
}
