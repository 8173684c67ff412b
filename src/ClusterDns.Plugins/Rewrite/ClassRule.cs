using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Rewrite;

/// <summary><c>rewrite class</c></summary>
internal sealed class ClassRule(RecordClass from, RecordClass to) : RewriteRule
{
    public override bool TryApply(QueryContext query, ref List<ResponseRule>? responseRules)
    {
        if (query.Class != from)
        {
            return false;
        }

        query.Class = to;
        return true;
    }
}
