using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Rewrite;

/// <summary><c>answer name</c>: turns owners back.</summary>
internal sealed class OwnerResponseRule(NameRewriter rewriter) : ResponseRule
{
    public override void Apply(Response response, ref ResponseRecord record)
    {
        if (RewrittenNames.TryRewrite(record.Owner.Span, rewriter, response, out var owner))
        {
            record.Owner = owner;
        }
    }
}
