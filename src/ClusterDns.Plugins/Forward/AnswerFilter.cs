using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Forward;

/// <summary>
/// Leaves of an upstream's answer section what is about the name that was asked for and the chain of aliases from it: the rest
/// is at best useless and at worst a lie about another name (RFC 5452 §6, RFC 2181 §5.4.1).
/// </summary>
internal static class AnswerFilter
{
    private const int MaxChain = 32;

    public static void Apply(QueryContext query)
    {
        var answer = query.Response.Answer;
        if (query.Type is RecordType.ANY or RecordType.AXFR or RecordType.IXFR || IsPlain(answer))
        {
            return;
        }

        Span<bool> keeps = answer.Count <= 512 ? stackalloc bool[answer.Count] : new bool[answer.Count];
        keeps.Clear();
        var name = NameRef.QueryName;
        for (var step = 0; step < MaxChain && Mark(query, name, keeps, out var next); step++)
        {
            name = next;
        }

        var kept = 0;
        for (var index = 0; index < answer.Count; index++)
        {
            if (keeps[index])
            {
                answer[kept++] = answer[index];
            }
        }

        answer.Truncate(kept);
    }

    private static bool IsPlain(ResponseSection answer)
    {
        foreach (ref var record in answer.Records)
        {
            if (!record.Owner.IsQueryName || record.Type is RecordType.CNAME)
            {
                return false;
            }
        }

        return true;
    }

    // Marks what is about one name of the chain; true where an alias leads on to another that was not looked at yet.
    private static bool Mark(QueryContext query, NameRef name, Span<bool> keeps, out NameRef next)
    {
        var answer = query.Response.Answer;
        var here = query.Resolve(name);
        var leads = false;
        next = default;
        for (var index = 0; index < answer.Count; index++)
        {
            ref var record = ref answer[index];
            var owner = query.Resolve(record.Owner);
            if (owner.Equals(here))
            {
                if (record.Type is RecordType.CNAME && !keeps[index] && !leads)
                {
                    leads = true;
                    next = new NameRef(record.RdataBuffer, record.RdataOffset, record.RdataLength);
                }

                keeps[index] = true;
            }
            else if (CoveredType(record) is RecordType.DNAME && here.IsSubdomainOf(owner))
            {
                keeps[index] = true;
            }
        }

        return leads;
    }

    private static RecordType CoveredType(in ResponseRecord record) =>
        record.Type is RecordType.RRSIG && record.RdataLength >= 2
            ? (RecordType)((record.Rdata[0] << 8) | record.Rdata[1])
            : record.Type;
}
