using System.Buffers.Binary;
using ClusterDns.Protocol.Edns;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Core.Pipeline;

/// <summary>Turns a response into a message: question echoed, names compressed, OPT added, cut to what the client takes.</summary>
public sealed class ResponseWriter
{
    /// <summary>Octets of payload that we take over UDP, as our OPT says (the DNS flag day's value: no fragments).</summary>
    public const ushort PayloadSize = 1232;

    private const int OptFixedSize = 11;
    private const int OptionHeaderSize = 4;

    [ThreadStatic]
    private static ResponseWriter? _forThread;

    private readonly CompressionTable _names = new();

    /// <summary>This thread's writer: use it at once, not across an await.</summary>
    public static ResponseWriter ForThread => _forThread ??= new ResponseWriter();

    /// <summary>
    /// Writes the response of <paramref name="query"/> and says how long it is; -1: the client takes more than
    /// <paramref name="buffer"/> has room for, and there is more: call again with room for 65,535.
    /// </summary>
    public int Write(QueryContext query, Span<byte> buffer)
    {
        var response = query.Response;
        var limit = query.MaxResponseSize;
        var room = Math.Min(limit, buffer.Length);
        var optSize = OptSize(query, response);
        var signatureSize = query.Signer?.Size ?? 0;
        if (optSize + signatureSize > room - MessageHeader.Size)
        {
            if (room < limit)
            {
                return -1;
            }

            // Options that leave no room for a message are not worth sending.
            optSize = 0;
        }

        var writer = new MessageWriter(buffer[..(room - optSize - signatureSize)], _names);
        ushort questions = 0;
        if (response.IncludesQuestion && writer.TryWriteQuestion(query.QuestionName, query.QuestionType, query.QuestionClass))
        {
            questions = 1;
        }

        // Behind the same question the same records are the same octets.
        var kept = questions == 0 || query.IsRenamed ? null : response.Kept;
        var start = writer.Position;
        var length = start + (kept?.CopyTo(buffer[start..(room - optSize - signatureSize)], response) ?? 0);
        var answers = (ushort)response.AnswerCount;
        var authorities = (ushort)response.AuthorityCount;
        var additionals = (ushort)response.AdditionalCount;
        var flags = response.Flags | HeaderFlags.Response;
        if (length == start)
        {
            // An answer section that does not fit is the last one.
            authorities = additionals = 0;
            var leftOut = 0;
            var fits = TryWriteAnswer(ref writer, query, response.Answer, out answers)
                && TryWriteSets(ref writer, query, response.Authority, sparesSignatures: false, out authorities, out _)
                && TryWriteSets(ref writer, query, response.Additional, sparesSignatures: true, out additionals, out leftOut);
            if (room < limit && (!fits || leftOut > 0))
            {
                return -1;
            }

            length = writer.Position;
            if (!fits)
            {
                flags |= HeaderFlags.Truncated;
            }
            else if (leftOut == 0)
            {
                kept?.Keep(buffer[start..length]);
            }
        }

        if (optSize > 0)
        {
            WriteOpt(query, response, buffer.Slice(length, optSize));
            length += optSize;
            additionals++;
        }

        new MessageHeader(query.Id, flags, query.OpCode, response.Code, questions, answers, authorities, additionals).Write(buffer);
        return query.Signer is { } signer ? signer.Sign(buffer, length) : length;
    }

    /// <summary>Octets the response would have uncompressed and uncut: the size that logs and metrics speak of.</summary>
    public static int MeasureUncompressed(QueryContext query)
    {
        var response = query.Response;
        var size = MessageHeader.Size + (response.IncludesQuestion ? query.QuestionName.Length + 4 : 0) + OptSize(query, response);
        return size + (query.IsRenamed || response.Kept is null ? MeasureRecords(query) : response.Kept.UncompressedSize);
    }

    /// <summary>The same of the records alone.</summary>
    internal static int MeasureRecords(QueryContext query)
    {
        var response = query.Response;
        return Measure(query, response.Answer) + Measure(query, response.Authority) + Measure(query, response.Additional);
    }

    private static int Measure(QueryContext query, ResponseSection section)
    {
        var size = 0;
        foreach (ref var record in section.Records)
        {
            size += query.Resolve(record.Owner).Length + RecordHeader.FixedSize + record.RdataLength;
        }

        return size;
    }

    // What fits of a set that does not fit stays, which RFC 2181 §9 permits: resolvers that cannot use TCP have something to
    // go on.
    private static bool TryWriteAnswer(ref MessageWriter writer, QueryContext query, ResponseSection section, out ushort written)
    {
        written = 0;
        foreach (ref var record in section.Records)
        {
            if (!TryWrite(ref writer, query, in record))
            {
                return false;
            }

            written++;
        }

        return true;
    }

    // What is cut is cut by RRset. Signatures of additional sets may be left out, which is no reason to set TC (RFC 4035 §3.1.1).
    private static bool TryWriteSets(
        ref MessageWriter writer, QueryContext query, ResponseSection section, bool sparesSignatures, out ushort written, out int leftOut)
    {
        written = 0;
        leftOut = 0;
        var records = section.Records;
        int end;
        for (var start = 0; start < records.Length; start = end)
        {
            end = EndOfSet(query, records, start);
            if (TryWriteSet(ref writer, query, records[start..end]))
            {
                written += (ushort)(end - start);
            }
            else if (sparesSignatures && records[start].Type is RecordType.RRSIG)
            {
                leftOut += end - start;
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    // The whole set or nothing of it.
    private static bool TryWriteSet(ref MessageWriter writer, QueryContext query, ReadOnlySpan<ResponseRecord> set)
    {
        var start = writer.Position;
        foreach (ref readonly var record in set)
        {
            if (!TryWrite(ref writer, query, in record))
            {
                return writer.Rewind(start);
            }
        }

        return true;
    }

    private static int EndOfSet(QueryContext query, ReadOnlySpan<ResponseRecord> records, int start)
    {
        var end = start + 1;
        while (end < records.Length && IsSameSet(query, in records[start], in records[end]))
        {
            end++;
        }

        return end;
    }

    private static bool TryWrite(ref MessageWriter writer, QueryContext query, in ResponseRecord record)
    {
        if (record.Owner.IsQueryName && !query.IsRenamed && query.Response.IncludesQuestion)
        {
            return writer.TryWriteQuestionRecord(record.Type, record.Class, record.Ttl, record.Rdata);
        }

        return writer.TryWriteRecord(query.Resolve(record.Owner), record.Type, record.Class, record.Ttl, record.Rdata);
    }

    private static bool IsSameSet(QueryContext query, in ResponseRecord left, in ResponseRecord right) =>
        left.Type == right.Type
        && left.Class == right.Class
        && ((left.Owner.IsQueryName && right.Owner.IsQueryName) || query.Resolve(left.Owner).Equals(query.Resolve(right.Owner)));

    private static int OptSize(QueryContext query, Response response)
    {
        if (!query.Edns.IsPresent && !response.ForcesOpt)
        {
            return 0;
        }

        var size = OptFixedSize + response.EdnsOptions.Length;
        return response.ExtendedError is null ? size : size + OptionHeaderSize + 2 + response.ExtendedErrorText.Length;
    }

    // RFC 6891 §6.1: version 0 whatever the client's; DO copied (RFC 3225 §3).
    private static void WriteOpt(QueryContext query, Response response, Span<byte> opt)
    {
        opt[0] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(opt[1..], (ushort)RecordType.OPT);
        BinaryPrimitives.WriteUInt16BigEndian(opt[3..], PayloadSize);
        opt[5] = (byte)((ushort)response.Code >> 4);
        opt[6] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(opt[7..], query.Edns.DnssecOk ? (ushort)0x8000 : (ushort)0);
        BinaryPrimitives.WriteUInt16BigEndian(opt[9..], (ushort)(opt.Length - OptFixedSize));
        response.EdnsOptions.Span.CopyTo(opt[OptFixedSize..]);
        if (response.ExtendedError is { } error)
        {
            var option = opt[(OptFixedSize + response.EdnsOptions.Length)..];
            BinaryPrimitives.WriteUInt16BigEndian(option, (ushort)EdnsOptionCode.ExtendedDnsError);
            BinaryPrimitives.WriteUInt16BigEndian(option[2..], (ushort)(2 + response.ExtendedErrorText.Length));
            BinaryPrimitives.WriteUInt16BigEndian(option[4..], (ushort)error);
            response.ExtendedErrorText.Span.CopyTo(option[6..]);
        }
    }
}
