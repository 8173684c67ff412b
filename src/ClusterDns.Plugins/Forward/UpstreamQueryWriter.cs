using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Edns;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Forward;

/// <summary>Builds the message that an upstream gets: the client's, as the chain has changed it. The id comes later.</summary>
internal static class UpstreamQueryWriter
{
    private const int OptFixedSize = 11;
    private const int OptionHeaderSize = 4;

    // The only records a request carries beside OPT and TSIG are one SOA or two (RFC 1995 §3, RFC 1996 §3.7).
    private const int MaxRecords = 2;
    private const int MaxRecordSize = NameSpan.MaxLength + RecordHeader.FixedSize + 512 + RdataCodec.MaxGrowth;

    /// <param name="dropsCookie">True where the upstream gets a cookie of our own instead of the client's (RFC 7873 §5.2.3).</param>
    public static void Write(QueryContext query, Exchange exchange, bool dropsCookie = false)
    {
        ref readonly var edns = ref query.Edns;
        var carriesRecords = query.MessageLength > 0 && (query.Type is RecordType.IXFR || query.OpCode is OpCode.Notify);
        var size = MessageHeader.Size + query.Name.Length + 4 + OptFixedSize + edns.Options.Length
            + (carriesRecords ? MaxRecords * MaxRecordSize : 0);
        var writer = new MessageWriter(exchange.GetBuffer(size), names: null);
        writer.TryWriteQuestion(query.Name, query.Type, query.Class);
        ushort answers = 0;
        ushort authorities = 0;
        if (carriesRecords)
        {
            CopyRecords(query.Message, ref writer, out answers, out authorities);
        }

        ushort additionals = 0;
        var optOffset = edns.IsPresent ? writer.Position : 0;
        if (edns.IsPresent)
        {
            WriteOpt(ref writer, edns, dropsCookie);
            additionals = 1;
        }

        new MessageHeader(
            0, query.Flags & ~HeaderFlags.Response, query.OpCode, ResponseCode.NoError, 1, answers, authorities, additionals)
            .Write(writer.Written);
        exchange.SetMessage(query, writer.Position, query.Name.Length, optOffset);
    }

    /// <summary>A question that a healthy upstream answers with whatever code.</summary>
    public static void WriteProbe(DnsName name, bool recursion, Exchange exchange)
    {
        var writer = new MessageWriter(exchange.GetBuffer(MessageHeader.Size + name.Wire.Length + 4), names: null);
        writer.TryWriteQuestion(name.Span, RecordType.NS, RecordClass.IN);
        var flags = recursion ? HeaderFlags.RecursionDesired : HeaderFlags.None;
        new MessageHeader(0, flags, OpCode.Query, ResponseCode.NoError, 1, 0, 0, 0).Write(writer.Written);
        exchange.SetMessage(query: null, writer.Position, name.Wire.Length, optOffset: 0);
    }

    [SkipLocalsInit]
    private static void CopyRecords(ReadOnlySpan<byte> message, ref MessageWriter writer, out ushort answers, out ushort authorities)
    {
        answers = 0;
        authorities = 0;
        var reader = new MessageReader(message);
        Span<byte> owner = stackalloc byte[NameSpan.MaxLength];
        Span<byte> rdata = stackalloc byte[512 + RdataCodec.MaxGrowth];
        if (!reader.TryReadHeader(out var header) || !reader.TryReadQuestion(owner, out _, out _, out _))
        {
            return;
        }

        var all = Math.Min(MaxRecords, header.Answers + header.Authorities);
        for (var index = 0; index < all && reader.TryReadRecord(owner, out var ownerLength, out var record); index++)
        {
            if (record.RdataLength > 512
                || RdataCodec.Unpack(message, record, rdata, out var length) != WireError.None
                || !writer.TryWriteRecord(new NameSpan(owner[..ownerLength]), record.Type, record.Class, record.Ttl, rdata[..length]))
            {
                return;
            }

            if (index < header.Answers)
            {
                answers++;
            }
            else
            {
                authorities++;
            }
        }
    }

    private static void WriteOpt(ref MessageWriter writer, in RequestEdns edns, bool dropsCookie)
    {
        var length = dropsCookie ? LengthWithoutCookie(edns.Options.Span) : edns.Options.Length;
        Span<byte> opt = stackalloc byte[OptFixedSize];
        opt[0] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(opt[1..], (ushort)RecordType.OPT);
        BinaryPrimitives.WriteUInt16BigEndian(opt[3..], edns.PayloadSize);
        opt[5] = 0;
        opt[6] = edns.Version;
        BinaryPrimitives.WriteUInt16BigEndian(opt[7..], (ushort)((edns.DnssecOk ? 0x8000 : 0) | edns.Flags));
        BinaryPrimitives.WriteUInt16BigEndian(opt[9..], (ushort)length);
        writer.TryWriteOctets(opt);
        if (length == edns.Options.Length)
        {
            writer.TryWriteOctets(edns.Options.Span);
            return;
        }

        var rest = edns.Options.Span;
        var options = new EdnsOptionReader(rest);
        while (options.MoveNext())
        {
            var whole = OptionHeaderSize + options.Value.Length;
            if (options.Code is not EdnsOptionCode.Cookie)
            {
                writer.TryWriteOctets(rest[..whole]);
            }

            rest = rest[whole..];
        }
    }

    private static int LengthWithoutCookie(ReadOnlySpan<byte> all)
    {
        var length = 0;
        var options = new EdnsOptionReader(all);
        while (options.MoveNext())
        {
            length += options.Code is EdnsOptionCode.Cookie ? 0 : OptionHeaderSize + options.Value.Length;
        }

        return length;
    }
}
