using System.Buffers.Binary;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Cache;

/// <summary>Tells what kind of response a query got.</summary>
internal static class ResponseClassifier
{
    private const int MaxChain = 16;

    public static ResponseKind Classify(QueryContext query, DateTimeOffset now)
    {
        var response = query.Response;
        if (query.OpCode is not OpCode.Query || query.Type is RecordType.AXFR or RecordType.IXFR)
        {
            return ResponseKind.Other;
        }

        switch (response.Code)
        {
            case ResponseCode.ServFail or ResponseCode.NotImp:
                return ResponseKind.ServerFailure;
            case ResponseCode.NXDomain:
                return HasSoa(response.Authority) && response.Answer.Count == 0 ? ResponseKind.NameError : ResponseKind.Other;
            case ResponseCode.NoError:
                return ClassifyNoError(query, now);
            default:
                return ResponseKind.Other;
        }
    }

    private static ResponseKind ClassifyNoError(QueryContext query, DateTimeOffset now)
    {
        var response = query.Response;
        if (query.DnssecOk && (HasExpiredSignature(response.Answer, now) || HasExpiredSignature(response.Authority, now)))
        {
            return ResponseKind.Other;
        }

        var soa = HasSoa(response.Authority);
        if (response.Answer.Count > 0)
        {
            return ReachesType(query) ? ResponseKind.Positive : soa ? ResponseKind.NoData : ResponseKind.Unfinished;
        }

        if (soa)
        {
            return ResponseKind.NoData;
        }

        return Has(response.Authority, RecordType.NS) ? ResponseKind.Delegation : ResponseKind.Positive;
    }

    // Follows the chain of aliases from the question; true where it ends in the type that was asked for.
    private static bool ReachesType(QueryContext query)
    {
        if (query.Type is RecordType.CNAME or RecordType.ANY)
        {
            return true;
        }

        var answer = query.Response.Answer;
        if (!Has(answer, RecordType.CNAME))
        {
            return true;
        }

        var name = query.Name;
        for (var step = 0; step < MaxChain; step++)
        {
            if (HasAt(query, answer, name, query.Type))
            {
                return true;
            }

            if (!TryFindAlias(query, answer, name, out name))
            {
                return false;
            }
        }

        return false;
    }

    // Two different aliases of one name say nothing.
    private static bool TryFindAlias(QueryContext query, ResponseSection answer, NameSpan name, out NameSpan target)
    {
        target = default;
        var found = false;
        foreach (ref var record in answer.Records)
        {
            if (record.Type is not RecordType.CNAME || !query.Resolve(record.Owner).Equals(name))
            {
                continue;
            }

            var here = new NameSpan(record.Rdata);
            if (found && !here.Equals(target))
            {
                return false;
            }

            target = here;
            found = true;
        }

        return found;
    }

    private static bool HasAt(QueryContext query, ResponseSection section, NameSpan owner, RecordType type)
    {
        foreach (ref var record in section.Records)
        {
            if (record.Type == type && query.Resolve(record.Owner).Equals(owner))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasSoa(ResponseSection section) => Has(section, RecordType.SOA);

    private static bool Has(ResponseSection section, RecordType type)
    {
        foreach (ref var record in section.Records)
        {
            if (record.Type == type)
            {
                return true;
            }
        }

        return false;
    }

    // The expiration is a time modulo 2^32 at octet 8 (RFC 4034 §3.1.5).
    private static bool HasExpiredSignature(ResponseSection section, DateTimeOffset now)
    {
        var seconds = (uint)now.ToUnixTimeSeconds();
        foreach (ref var record in section.Records)
        {
            if (record.Type is RecordType.RRSIG && (int)(BinaryPrimitives.ReadUInt32BigEndian(record.Rdata[8..]) - seconds) < 0)
            {
                return true;
            }
        }

        return false;
    }
}
