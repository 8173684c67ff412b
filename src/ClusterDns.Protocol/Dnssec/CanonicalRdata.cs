using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Protocol.Dnssec;

/// <summary>RDATA as signatures and digests see it: the names of the old types in lower case (RFC 4034 §6.2, RFC 6840 §5.1).</summary>
public static class CanonicalRdata
{
    /// <summary>Brings well-formed RDATA into canonical form, in place.</summary>
    public static void Normalize(RecordType type, Span<byte> rdata)
    {
        if (!HasFoldedNames(type))
        {
            return;
        }

        var layout = RdataLayout.Of(type);
        var offset = (int)layout.Prefix;
        for (var strings = layout.Strings; strings > 0 && offset < rdata.Length; strings--)
        {
            offset += rdata[offset] + 1;
        }

        for (var names = layout.Names; names > 0; names--)
        {
            var start = offset;
            while (offset < rdata.Length && rdata[offset] != 0)
            {
                offset += rdata[offset] + 1;
            }

            offset++;
            if (offset > rdata.Length)
            {
                return;
            }

            OctetCase.ToLower(rdata[start..offset], rdata[start..offset]);
        }
    }

    // The list is closed: names in types that came later keep their case (RFC 3597 §7). NSEC was on it by mistake.
    private static bool HasFoldedNames(RecordType type) => type is RecordType.NS or RecordType.MD or RecordType.MF
        or RecordType.CNAME or RecordType.SOA or RecordType.MB or RecordType.MG or RecordType.MR or RecordType.PTR
        or RecordType.MINFO or RecordType.MX or RecordType.RP or RecordType.AFSDB or RecordType.RT or RecordType.SIG
        or RecordType.PX or RecordType.NXT or RecordType.NAPTR or RecordType.KX or RecordType.SRV or RecordType.DNAME
        or RecordType.RRSIG;
}
