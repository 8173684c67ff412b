using System.Buffers.Binary;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Edns;
using ClusterDns.Protocol.Messages;

namespace ClusterDns.Plugins.Forward;

/// <summary>
/// Takes from an upstream's OPT what a client may see. EDNS is hop by hop (RFC 6891 §6.1.1); only what speaks of the answer
/// itself goes on: the rest of the RCODE, why it failed, and for whom or from which version it was made.
/// </summary>
internal static class ReplyOptReader
{
    private const int OptionHeaderSize = 4;

    public static void Read(ReadOnlySpan<byte> reply, in RecordHeader record, QueryContext query)
    {
        var opt = OptRecord.From(record);
        var response = query.Response;
        response.Code = (ResponseCode)((opt.ExtendedResponseCode << 4) | ((int)response.Code & 0xf));
        if (!query.Edns.IsPresent)
        {
            return;
        }

        // Room for all of them: options that stay behind are few.
        var kept = default(Span<byte>);
        byte[]? buffer = null;
        var start = 0;
        var used = 0;
        var reader = new EdnsOptionReader(reply.Slice(opt.OptionsOffset, opt.OptionsLength));
        while (reader.MoveNext())
        {
            if (reader.Code is EdnsOptionCode.ExtendedDnsError && reader.Value.Length >= 2 && response.ExtendedError is null)
            {
                response.ExtendedError = (ExtendedDnsError)BinaryPrimitives.ReadUInt16BigEndian(reader.Value);
                var text = response.Copy(reader.Value[2..], out var offset);
                response.ExtendedErrorText = text.AsMemory(offset, reader.Value.Length - 2);
                continue;
            }

            if (!IsAboutAnswer(reader.Code))
            {
                continue;
            }

            if (buffer is null)
            {
                kept = response.Reserve(opt.OptionsLength, out buffer, out start);
            }

            BinaryPrimitives.WriteUInt16BigEndian(kept[used..], (ushort)reader.Code);
            BinaryPrimitives.WriteUInt16BigEndian(kept[(used + 2)..], (ushort)reader.Value.Length);
            reader.Value.CopyTo(kept[(used + OptionHeaderSize)..]);
            used += OptionHeaderSize + reader.Value.Length;
        }

        if (buffer is not null)
        {
            response.EdnsOptions = buffer.AsMemory(start, used);
        }
    }

    // RFC 7871 §7.2.2, RFC 7314 §3, RFC 8914 §3, RFC 9660 §3.
    private static bool IsAboutAnswer(EdnsOptionCode code) =>
        code is EdnsOptionCode.ClientSubnet or EdnsOptionCode.Expire or EdnsOptionCode.ExtendedDnsError or EdnsOptionCode.ZoneVersion;
}
