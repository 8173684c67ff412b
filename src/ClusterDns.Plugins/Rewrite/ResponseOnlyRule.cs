using System.Runtime.CompilerServices;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Plugins.Rewrite;

/// <summary>A rule that leaves the query alone and only changes what is answered (<c>ttl</c>, <c>rcode</c>).</summary>
internal sealed class ResponseOnlyRule(NameCondition condition, ResponseRule rule) : RewriteRule
{
    [SkipLocalsInit]
    public override bool TryApply(QueryContext query, ref List<ResponseRule>? responseRules)
    {
        Span<char> text = stackalloc char[NameText.MaxLength];
        if (!condition.Matches(text[..NameText.Format(query.LowerName, text)]))
        {
            return false;
        }

        (responseRules ??= []).Add(rule);
        return true;
    }
}
