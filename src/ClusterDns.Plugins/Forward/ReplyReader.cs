using System.Runtime.CompilerServices;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Forward;

/// <summary>Checks an upstream's reply against its question and takes it apart into the query's response.</summary>
internal static class ReplyReader
{
    // What a message of 65,535 octets unpacks to when it is honest is far below; names can be made to grow thirtyfold.
    private const int MaxUnpacked = 512 * 1024;

    [ThreadStatic]
    private static byte[]? _scratch;

    /// <summary>The reply's id is already known to be right. It answers the question of <paramref name="asked"/>, which is
    /// <paramref name="exchange"/> or its hedge.</summary>
    public static ExchangeStatus Read(ReadOnlySpan<byte> reply, Exchange exchange, Exchange asked)
    {
        var reader = new MessageReader(reply);
        if (!reader.TryReadHeader(out var header))
        {
            return Unreadable(exchange, WireError.Truncated);
        }

        if (exchange.Query is not { } query)
        {
            return header.IsResponse ? ExchangeStatus.Replied : ExchangeStatus.Mismatched;
        }

        if (!header.IsResponse || !IsForQuestion(ref reader, header, asked))
        {
            return ExchangeStatus.Mismatched;
        }

        var response = query.Response;
        response.Begin(ForwardPlugin.Name, authoritative: false, header.ResponseCode);
        response.Flags = header.Flags & ~(HeaderFlags.Response | HeaderFlags.Z);
        var unpacked = 0;
        var error = ReadSection(ref reader, reply, header.Answers, response.Answer, query, asked, ref unpacked);
        error = error != WireError.None ? error : ReadSection(ref reader, reply, header.Authorities, response.Authority, query, asked, ref unpacked);
        error = error != WireError.None ? error : ReadSection(ref reader, reply, header.Additionals, response.Additional, query, asked, ref unpacked);
        if (error != WireError.None)
        {
            return Unreadable(exchange, error);
        }

        AnswerFilter.Apply(query);
        if ((ushort)response.Code > 0xf && !query.Edns.IsPresent && !(response.Code is ResponseCode.BadCookie && asked.Upstream?.Proof is not null))
        {
            // Such a code cannot be said without an OPT, which this client must not get (RFC 6891 §7).
            response.Begin(ForwardPlugin.Name, authoritative: false, ResponseCode.ServFail);
        }

        return ExchangeStatus.Replied;
    }

    /// <summary>
    /// False where a reply is whole enough to see that it answers another question than was asked, or is
    /// no reply at all. One without a question says that the upstream could not read ours (RFC 1035 §4.1.1).
    /// </summary>
    public static bool MayAnswer(ReadOnlySpan<byte> reply, Exchange asked)
    {
        var reader = new MessageReader(reply);
        if (!reader.TryReadHeader(out var header))
        {
            return true;
        }

        if (!header.IsResponse)
        {
            return false;
        }

        if (header.Questions == 0)
        {
            return header.ResponseCode is not ResponseCode.NoError;
        }

        return IsForQuestion(ref reader, header, asked);
    }

    /// <summary>Forgets what a reply left in a response that will not be sent.</summary>
    public static void Reset(QueryContext query)
    {
        var response = query.Response;
        response.ClearSections();
        response.Flags = query.Flags & (HeaderFlags.RecursionDesired | HeaderFlags.CheckingDisabled);
        response.ExtendedError = null;
        response.ExtendedErrorText = default;
        response.EdnsOptions = default;
    }

    // RFC 5452 §9.1. The reader stands behind the header.
    [SkipLocalsInit]
    private static bool IsForQuestion(ref MessageReader reader, in MessageHeader header, Exchange asked)
    {
        Span<byte> name = stackalloc byte[NameSpan.MaxLength];
        return header.Questions == 1
            && reader.TryReadQuestion(name, out var length, out var type, out var recordClass)
            && type == asked.QuestionType
            && recordClass == asked.QuestionClass
            && new NameSpan(name[..length]).Equals(asked.QuestionName);
    }

    // A message cut off: a client that asks over UDP learns to ask over TCP instead (RFC 2181 §9).
    private static ExchangeStatus Unreadable(Exchange exchange, WireError error)
    {
        if (exchange.Query is not { } query)
        {
            return ExchangeStatus.Failed;
        }

        Reset(query);
        if (query.IsTcpLike || error is not WireError.Truncated)
        {
            exchange.Error = "dns: bad reply from upstream: " + error;
            return ExchangeStatus.Failed;
        }

        query.Response.Begin(ForwardPlugin.Name, authoritative: false);
        query.Response.IsTruncated = true;
        return ExchangeStatus.Replied;
    }

    [SkipLocalsInit]
    private static WireError ReadSection(
        ref MessageReader reader, ReadOnlySpan<byte> reply, int count, ResponseSection section, QueryContext query, Exchange asked,
        ref int unpacked)
    {
        Span<byte> owner = stackalloc byte[NameSpan.MaxLength];
        for (; count > 0; count--)
        {
            if (!reader.TryReadRecord(owner, out var ownerLength, out var record))
            {
                return reader.Error;
            }

            if (record.Type is RecordType.OPT)
            {
                if (ReferenceEquals(section, query.Response.Additional) && ownerLength == 1)
                {
                    asked.Upstream?.Proof?.Learn(reply, record);
                    ReplyOptReader.Read(reply, record, query);
                }

                continue;
            }

            var error = Add(reply, record, new NameSpan(owner[..ownerLength]), section, query, asked, ref unpacked);
            if (error != WireError.None)
            {
                return error;
            }
        }

        return WireError.None;
    }

    private static WireError Add(
        ReadOnlySpan<byte> reply, in RecordHeader record, NameSpan owner, ResponseSection section, QueryContext query, Exchange asked,
        ref int unpacked)
    {
        var scratch = _scratch ??= new byte[ushort.MaxValue + RdataCodec.MaxGrowth];
        var error = RdataCodec.Unpack(reply, record, scratch, out var length);
        if (error != WireError.None)
        {
            return error;
        }

        var response = query.Response;
        unpacked += length;
        NameRef name;
        if (owner.SequenceEqual(asked.QuestionName))
        {
            name = NameRef.QueryName;
        }
        else if (section.Count > 0 && section[section.Count - 1].Owner is { IsQueryName: false } last && last.Span.SequenceEqual(owner))
        {
            name = last;
        }
        else
        {
            unpacked += owner.Length;
            name = response.CopyName(owner);
        }

        if (unpacked > MaxUnpacked)
        {
            return WireError.BadCounts;
        }

        response.AddCopy(section, name, record.Type, record.Class, record.Ttl, scratch.AsSpan(0, length));
        return WireError.None;
    }
}
