using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using ClusterDns.Protocol.Edns;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Core.Pipeline;

/// <summary>Reads a request into its context and settles everything that needs no zone.</summary>
public static class QueryReader
{
    /// <summary>Reads <see cref="QueryContext.Message"/>; allocates nothing, whatever the message is.</summary>
    [SkipLocalsInit]
    public static ReadOutcome Read(QueryContext query)
    {
        var message = query.Message;
        if (!MessageHeader.TryRead(message, out var header) || header.IsResponse)
        {
            return ReadOutcome.Ignore;
        }

        query.SetHeader(header);
        if (header.OpCode is not (OpCode.Query or OpCode.Notify))
        {
            return RespondWithoutQuestion(query, ResponseCode.NotImp);
        }

        // RFC 9619: one question. Records in a query: an SOA for IXFR or NOTIFY, an OPT and a TSIG.
        if (header.Questions != 1 || header.Answers > 1 || header.Authorities > 1 || header.Additionals > 2)
        {
            return RespondWithoutQuestion(query, ResponseCode.FormErr);
        }

        if (message.Length == MessageHeader.Size)
        {
            // CoreDNS's answer to a header that counts a question which is not there.
            return RespondWithoutQuestion(query, ResponseCode.ServFail);
        }

        if (!TryReadQuestion(message, query, out var end))
        {
            // The name's room may hold half a name.
            query.SetQuestion(NameSpan.Root, default, default);
            return RespondWithoutQuestion(query, ResponseCode.FormErr);
        }

        if (end < message.Length && !TryReadRecords(message, end, header, query))
        {
            query.Edns = default;
            query.Reason = new Reason(ReasonCode.Malformed);
            query.Response.Fail(ResponseCode.FormErr, "");
            return ReadOutcome.Respond;
        }

        if (query.Edns.IsPresent && query.Edns.Version != 0)
        {
            // RFC 6891 §6.1.3
            query.Response.Fail(ResponseCode.BadVers, "");
            return ReadOutcome.Respond;
        }

        return ReadOutcome.Query;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryReadQuestion(ReadOnlySpan<byte> message, QueryContext query, out int end)
    {
        if (WireName.TryRead(message, MessageHeader.Size, query.QuestionRoom, out var length, out end) != WireError.None)
        {
            return false;
        }

        var rest = message[end..];
        if (rest.Length >= 4)
        {
            var fields = BinaryPrimitives.ReadUInt32BigEndian(rest);
            query.SetQuestion(length, (RecordType)(fields >> 16), (RecordClass)(ushort)fields);
            end += 4;
            return true;
        }

        // A question cut behind its name or its type has class 0 and is refused for that.
        if (rest.Length is 1 or 3)
        {
            return false;
        }

        query.SetQuestion(length, rest.IsEmpty ? default : (RecordType)BinaryPrimitives.ReadUInt16BigEndian(rest), default);
        end = message.Length;
        return true;
    }

    // A message that ends before all records it counts is read as far as it goes, as CoreDNS does.
    [SkipLocalsInit]
    private static bool TryReadRecords(ReadOnlySpan<byte> message, int position, in MessageHeader header, QueryContext query)
    {
        var reader = new MessageReader(message, position);
        Span<byte> owner = stackalloc byte[NameSpan.MaxLength];
        Span<byte> rdata = stackalloc byte[512 + RdataCodec.MaxGrowth];
        var before = header.Answers + header.Authorities;
        var all = before + header.Additionals;
        for (var index = 0; index < all && !reader.AtEnd; index++)
        {
            var start = reader.Position;
            if (!reader.TryReadRecord(owner, out _, out var record))
            {
                return false;
            }

            if (record.Type is RecordType.TSIG)
            {
                // It ends the message, so there is one at most (RFC 8945 §5.1, §5.2).
                if (index < before || index != all - 1)
                {
                    return false;
                }

                query.TsigOffset = start;
            }

            if (record.Type is not RecordType.OPT)
            {
                if (!IsSound(message, record, rdata))
                {
                    return false;
                }
            }
            else if (index >= before && !TryReadOpt(message, record, query))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsSound(ReadOnlySpan<byte> message, in RecordHeader record, Span<byte> rdata) =>
        record.RdataLength is 0 or > 512 || RdataCodec.Unpack(message, record, rdata, out _) == WireError.None;

    private static bool TryReadOpt(ReadOnlySpan<byte> message, in RecordHeader record, QueryContext query)
    {
        // RFC 6891 §6.1.1: more than one OPT is a format error.
        if (query.Edns.IsPresent)
        {
            return false;
        }

        var opt = OptRecord.From(record);
        query.Edns = new RequestEdns
        {
            IsPresent = true,
            PayloadSize = (ushort)record.Class,
            Version = opt.Version,
            DnssecOk = opt.DnssecOk,
            Flags = opt.Flags,
            Options = query.MessageMemory(opt.OptionsOffset, opt.OptionsLength),
        };
        return AreSound(message.Slice(opt.OptionsOffset, opt.OptionsLength));
    }

    private static bool AreSound(ReadOnlySpan<byte> options)
    {
        var reader = new EdnsOptionReader(options);
        while (reader.MoveNext())
        {
            if (reader.Code is EdnsOptionCode.ClientSubnet && !IsSoundSubnet(reader.Value))
            {
                return false;
            }
        }

        return reader.AtEnd;
    }

    // RFC 7871 §6: family, source and scope prefix length, then no more octets than the prefix needs.
    private static bool IsSoundSubnet(ReadOnlySpan<byte> option)
    {
        if (option.Length < 4)
        {
            return false;
        }

        var bits = BinaryPrimitives.ReadUInt16BigEndian(option) switch { 0 => 0, 1 => 32, 2 => 128, _ => -1 };
        return option[2] <= bits && option[3] <= bits && option.Length - 4 <= (bits + 7) / 8;
    }

    private static ReadOutcome RespondWithoutQuestion(QueryContext query, ResponseCode code)
    {
        query.Reason = new Reason(ReasonCode.Malformed);
        query.Response.Fail(code, "");
        query.Response.Flags |= query.Flags & (HeaderFlags.AuthenticData | HeaderFlags.CheckingDisabled | HeaderFlags.RecursionDesired);
        query.Response.IncludesQuestion = false;
        return ReadOutcome.Respond;
    }
}
