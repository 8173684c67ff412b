using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Presentation;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Secondary;

/// <summary>Requests for transfers, and the messages that answer them.</summary>
internal static class TransferMessages
{
    /// <summary>Asks for everything, or for what changed since a version (RFC 1995 §3).</summary>
    public static byte[] Request(ushort id, DnsName origin, Zone? since)
    {
        var buffer = new byte[2048];
        var writer = new MessageWriter(buffer, names: null);
        writer.TryWriteQuestion(origin.Span, since is null ? RecordType.AXFR : RecordType.IXFR, RecordClass.IN);
        if (since is not null)
        {
            writer.TryWriteQuestionRecord(RecordType.SOA, RecordClass.IN, since.Soa.Ttl, since.SoaRecord.Rdata);
        }

        new MessageHeader(
            id, HeaderFlags.None, OpCode.Query, ResponseCode.NoError, 1, 0, (ushort)(since is null ? 0 : 1), 0).Write(buffer);
        return buffer[..writer.Position];
    }

    /// <summary>Hands the records of a message to the reader.</summary>
    /// <returns>What is wrong with it; null where nothing is.</returns>
    public static string? Read(ReadOnlySpan<byte> message, ushort id, DnsName origin, TransferReader transfer)
    {
        var reader = new MessageReader(message);
        if (!reader.TryReadHeader(out var header) || !header.IsResponse || header.Id != id || header.OpCode is not OpCode.Query)
        {
            return "a message that is no answer";
        }

        if (header.ResponseCode is not ResponseCode.NoError)
        {
            return $"the answer is {ResponseCodeText.Format(header.ResponseCode)}";
        }

        Span<byte> name = stackalloc byte[NameSpan.MaxLength];
        for (var question = 0; question < header.Questions; question++)
        {
            // Further messages may do without (RFC 5936 §2.2.1).
            if (!reader.TryReadQuestion(name, out var length, out var type, out _)
                || type is not (RecordType.AXFR or RecordType.IXFR)
                || !new NameSpan(name[..length]).Equals(origin.Span))
            {
                return "an answer to another question";
            }
        }

        return header.Answers == 0 ? "an answer without records" : ReadRecords(ref reader, message, header.Answers, transfer);
    }

    private static string? ReadRecords(ref MessageReader reader, ReadOnlySpan<byte> message, int count, TransferReader transfer)
    {
        Span<byte> name = stackalloc byte[NameSpan.MaxLength];
        for (var index = 0; index < count; index++)
        {
            if (!reader.TryReadRecord(name, out var length, out var header))
            {
                return $"a message that cannot be read: {reader.Error}";
            }

            var rdata = new byte[header.RdataLength + RdataCodec.MaxGrowth];
            if (RdataCodec.Unpack(message, header, rdata, out var rdataLength) is var error and not WireError.None)
            {
                return $"a record that cannot be read: {error}";
            }

            var owner = new NameSpan(name[..length]).ToName();
            if (transfer.Add(new ResourceRecord(owner, header.Type, header.Class, header.Ttl, rdata[..rdataLength])) is { } wrong)
            {
                return wrong;
            }
        }

        return null;
    }
}
