using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Rewrite;

/// <summary><c>rewrite type</c></summary>
internal sealed class TypeRule(RecordType from, RecordType to) : RewriteRule
{
    public override bool TryApply(QueryContext query, ref List<ResponseRule>? responseRules)
    {
        if (query.Type != from)
        {
            return false;
        }

        query.Type = to;
        return true;
    }
}
