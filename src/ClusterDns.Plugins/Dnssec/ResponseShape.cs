using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Dnssec;

/// <summary>What a response without signatures says.</summary>
/// <param name="Proof">The SOA of a denial or the first NS of a referral, by its index in the authority section; -1: neither.</param>
/// <param name="Last">The name at the end of the answer's aliases: what is denied.</param>
internal readonly record struct ResponseShape(bool IsReferral, int Proof, NameRef Last)
{
    private const int MaxChain = 16;

    public bool IsDenial => Proof >= 0 && !IsReferral;

    public static ResponseShape Of(QueryContext query, ZoneSet zones)
    {
        var last = FindLast(query, out var isAnswered);
        if (isAnswered || query.Response.Code is not (ResponseCode.NoError or ResponseCode.NXDomain))
        {
            return new ResponseShape(false, -1, last);
        }

        var soa = IndexOf(query.Response.Authority, RecordType.SOA);
        if (soa >= 0)
        {
            return new ResponseShape(false, soa, last);
        }

        var ns = query.Response.Code is ResponseCode.NoError ? IndexOf(query.Response.Authority, RecordType.NS) : -1;
        return ns >= 0 && IsCut(query, query.Response.Authority[ns].Owner, zones)
            ? new ResponseShape(true, ns, last)
            : new ResponseShape(false, -1, last);
    }

    /// <summary>True where the response refers to another zone whose cut is this name.</summary>
    public static bool IsReferralAt(QueryContext query, NameSpan name, ZoneSet zones)
    {
        var shape = Of(query, zones);
        return shape.IsReferral && query.Resolve(query.Response.Authority[shape.Proof].Owner).Equals(name);
    }

    // NS records in the authority section may also be the apex's own, as an addition to an answer.
    private static bool IsCut(QueryContext query, NameRef owner, ZoneSet zones)
    {
        var name = query.Resolve(owner);
        return (!query.Response.IsAuthoritative || query.Response.Answer.Count > 0)
            && zones.Find(name) is { } zone
            && !zone.Span.Equals(name);
    }

    private static NameRef FindLast(QueryContext query, out bool isAnswered)
    {
        var last = NameRef.QueryName;
        var answer = query.Response.Answer;
        for (var step = 0; step < MaxChain; step++)
        {
            var name = query.Resolve(last);
            var alias = -1;
            for (var index = 0; index < answer.Count; index++)
            {
                ref var record = ref answer[index];
                if (record.Type != query.Type && record.Type is not RecordType.CNAME
                    && query.Type is not RecordType.ANY)
                {
                    continue;
                }

                if (!query.Resolve(record.Owner).Equals(name))
                {
                    continue;
                }

                if (record.Type == query.Type || query.Type is RecordType.ANY)
                {
                    isAnswered = true;
                    return last;
                }

                alias = index;
            }

            if (alias < 0)
            {
                break;
            }

            ref var cname = ref answer[alias];
            last = new NameRef(cname.RdataBuffer, cname.RdataOffset, cname.RdataLength);
        }

        isAnswered = false;
        return last;
    }

    private static int IndexOf(ResponseSection section, RecordType type)
    {
        var records = section.Records;
        for (var index = 0; index < records.Length; index++)
        {
            if (records[index].Type == type)
            {
                return index;
            }
        }

        return -1;
    }
}
