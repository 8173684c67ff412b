using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Dnssec;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Dnssec;

/// <summary>
/// NSEC records made for one question ("black lies"): the name exists, whatever it is, but not with this type. They claim
/// common types, as nobody behind says which there are.
/// </summary>
internal static class Denial
{
    private static readonly RecordType[] AtApex =
    [
        RecordType.A, RecordType.NS, RecordType.SOA, RecordType.HINFO, RecordType.MX, RecordType.TXT, RecordType.AAAA,
        RecordType.LOC, RecordType.SRV, RecordType.CERT, RecordType.SSHFP, RecordType.RRSIG, RecordType.NSEC,
        RecordType.DNSKEY, RecordType.TLSA, RecordType.HIP, RecordType.OPENPGPKEY, RecordType.SPF,
    ];

    private static readonly RecordType[] BelowApex =
    [
        RecordType.A, RecordType.HINFO, RecordType.TXT, RecordType.AAAA, RecordType.LOC, RecordType.SRV, RecordType.CERT,
        RecordType.SSHFP, RecordType.RRSIG, RecordType.NSEC, RecordType.TLSA, RecordType.HIP, RecordType.OPENPGPKEY,
        RecordType.SPF,
    ];

    // What else is at a cut is the child's to tell (RFC 4035 §2.3).
    private static readonly RecordType[] AtCut = [RecordType.NS, RecordType.RRSIG, RecordType.NSEC];

    /// <summary>The name has no records of the type that is asked for.</summary>
    /// <param name="isCut">The name is a zone cut without DS.</param>
    public static ResponseRecord NoData(Response response, NameRef owner, NameSpan name, NameSpan zone, RecordType type, uint ttl, bool isCut)
    {
        Span<byte> rdata = stackalloc byte[NameSpan.MaxLength + TypeBitmap.MaxWindow];
        var length = NameSuccessor.Write(name, zone, rdata);
        return Make(response, owner, ttl, rdata, length, isCut ? AtCut : name.Equals(zone) ? AtApex : BelowApex, type);
    }

    /// <summary>The cut that a referral leads to has no DS; nothing is said of the names below it.</summary>
    public static ResponseRecord NoDs(Response response, NameRef owner, NameSpan name, NameSpan zone, uint ttl)
    {
        Span<byte> rdata = stackalloc byte[NameSpan.MaxLength + TypeBitmap.MaxWindow];
        var length = NameSuccessor.WriteBehindSubtree(name, zone, rdata);
        return Make(response, owner, ttl, rdata, length, AtCut, RecordType.DS);
    }

    private static ResponseRecord Make(
        Response response, NameRef owner, uint ttl, Span<byte> rdata, int length, RecordType[] types, RecordType missing)
    {
        Span<RecordType> present = stackalloc RecordType[AtApex.Length];
        var count = 0;
        foreach (var type in types)
        {
            // The record itself and its signature are always there (RFC 4035 §2.3).
            if (type != missing || type is RecordType.NSEC or RecordType.RRSIG)
            {
                present[count++] = type;
            }
        }

        length += TypeBitmap.Write(present[..count], rdata[length..]);
        var copy = response.Reserve(length, out var buffer, out var offset);
        rdata[..length].CopyTo(copy);
        return new ResponseRecord(owner, RecordType.NSEC, RecordClass.IN, ttl, buffer, offset, length);
    }
}
