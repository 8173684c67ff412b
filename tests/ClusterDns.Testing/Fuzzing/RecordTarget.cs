using System.Buffers.Binary;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Presentation;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Testing.Fuzzing;

/// <summary>RDATA of any type (two octets in front): what is well-formed is written as text, and that text means itself.</summary>
internal static class RecordTarget
{
    public static void Run(byte[] octets)
    {
        if (octets.Length is < 2 or > 2 + 4096)
        {
            return;
        }

        var type = (RecordType)BinaryPrimitives.ReadUInt16BigEndian(octets);
        byte[] message = [.. new byte[MessageHeader.Size], 0, .. octets[..2], 0, 1, 0, 0, 0, 60, .. Length(octets.Length - 2), .. octets[2..]];
        message[7] = 1;
        var reader = new MessageReader(message);
        Span<byte> owner = stackalloc byte[NameSpan.MaxLength];
        var rdata = new byte[ushort.MaxValue + RdataCodec.MaxGrowth];
        if (!reader.TryReadHeader(out _)
            || !reader.TryReadRecord(owner, out _, out var record)
            || RdataCodec.Unpack(message, record, rdata, out var length) != WireError.None
            || type is RecordType.OPT)
        {
            return;
        }

        var text = RdataText.Format(type, rdata.AsSpan(0, length));
        if (!RdataText.TryParse(type, text, DnsName.Root, out var parsed, out var error))
        {
            throw new InvalidOperationException($"{type} {text}: {error}");
        }

        // The octets may differ where a type has several for one meaning (trailing zeros of a bitmap, sizes of LOC); the text may not.
        var again = RdataText.Format(type, parsed);
        if (again != text)
        {
            throw new InvalidOperationException($"{type} {text}: becomes {again}");
        }
    }

    private static byte[] Length(int length) => [(byte)(length >> 8), (byte)length];
}
