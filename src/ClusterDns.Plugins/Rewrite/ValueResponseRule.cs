using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Rewrite;

/// <summary><c>answer value</c>: turns names in RDATA back, where a client follows them.</summary>
internal sealed class ValueResponseRule(NameRewriter rewriter) : ResponseRule
{
    public override void Apply(Response response, ref ResponseRecord record)
    {
        if (record.Type is not (RecordType.CNAME or RecordType.DNAME or RecordType.MX or RecordType.NS or RecordType.PTR
            or RecordType.NAPTR or RecordType.SOA or RecordType.SRV))
        {
            return;
        }

        var rdata = record.Rdata;
        var start = NameOffset(record.Type, rdata);
        if (start < 0 || !WireName.TryMeasure(rdata[start..], out var length)
            || !RewrittenNames.TryRewrite(new NameSpan(rdata.Slice(start, length)), rewriter, response, out var name))
        {
            return;
        }

        var rest = rdata[(start + length)..];
        var written = response.Reserve(start + name.Span.Length + rest.Length, out var buffer, out var offset);
        rdata[..start].CopyTo(written);
        name.Span.Wire.CopyTo(written[start..]);
        rest.CopyTo(written[(start + name.Span.Length)..]);
        record.SetRdata(buffer, offset, written.Length);
    }

    // Behind the fixed octets and the character-strings; of an SOA the first name, MNAME, is the one.
    private static int NameOffset(RecordType type, ReadOnlySpan<byte> rdata)
    {
        var layout = RdataLayout.Of(type);
        int offset = layout.Prefix;
        for (var strings = 0; strings < layout.Strings; strings++)
        {
            if (offset >= rdata.Length)
            {
                return -1;
            }

            offset += rdata[offset] + 1;
        }

        return offset < rdata.Length ? offset : -1;
    }
}
