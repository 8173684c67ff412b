using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Rewrite;

/// <summary>
/// <c>rewrite cname</c>: gives the first alias of an answer that leads to such a name another target, and answers with what
/// the server itself finds there. It is about every query; the aliases are looked for when there is an answer.
/// </summary>
internal sealed class CnameRule(NameCondition condition, string replacement, IQueryResolver resolver) : RewriteRule
{
    public override bool TryApply(QueryContext query, ref List<ResponseRule>? responseRules) => true;

    /// <summary>Completes at once where no alias of the answer is concerned.</summary>
    public ValueTask FollowAsync(QueryContext query)
    {
        var records = query.Response.Answer.Records;
        for (var index = 0; index < records.Length; index++)
        {
            if (records[index].Type is RecordType.CNAME && IsConcerned(new NameSpan(records[index].Rdata)))
            {
                return FollowAsync(query, index);
            }
        }

        return default;
    }

    private bool IsConcerned(NameSpan target)
    {
        Span<char> text = stackalloc char[NameText.MaxLength];
        NameBuffer lower = default;
        lower.SetLower(target);
        return condition.Matches(text[..NameText.Format(lower.Span, text)]);
    }

    private async ValueTask FollowAsync(QueryContext query, int index)
    {
        if (Retarget(query, index) is not { } target)
        {
            return;
        }

        var response = query.Response;
        response.Answer.Truncate(index + 1);
        response.Authority.Clear();
        response.Additional.Clear();
        if (query.Type is RecordType.CNAME)
        {
            return;
        }

        var found = await resolver.ResolveAsync(query, target.Span, query.Type);
        if (found is null)
        {
            return;
        }

        // RFC 6604 §3: the response code is that of the last name of the chain.
        response.Code = found.Response.Code;
        response.IsTruncated |= found.Response.IsTruncated;
        response.CopyRecords(found.Response.Answer, response.Answer, found);
        response.CopyRecords(found.Response.Authority, response.Authority, found);
        response.CopyRecords(found.Response.Additional, response.Additional, found);
        resolver.Release(found);
    }

    // Null where what a rule makes is no name, or the name that was there.
    private DnsName? Retarget(QueryContext query, int index)
    {
        Span<byte> wire = stackalloc byte[NameSpan.MaxLength];
        ref var record = ref query.Response.Answer[index];
        NameBuffer lower = default;
        lower.SetLower(new NameSpan(record.Rdata));
        var before = lower.Span.ToString();
        if (condition.Replace(before, replacement) is not { } after || after == before
            || !NameText.TryParse(after, wire, NameSpan.Root, out var length, out _))
        {
            return null;
        }

        var rdata = query.Response.Copy(wire[..length], out var offset);
        record.SetRdata(rdata, offset, length);
        return DnsName.Parse(after);
    }
}
