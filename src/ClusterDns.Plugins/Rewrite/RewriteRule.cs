using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Rewrite;

/// <summary>One <c>rewrite</c>: changes a query that it is about, and says what to do to the response.</summary>
internal abstract class RewriteRule
{
    /// <summary>No rule behind this one is looked at once it applied.</summary>
    public required bool Stops { get; init; }

    /// <summary>True where the rule is about the query and has changed it; allocates nothing where it is not.</summary>
    public abstract bool TryApply(QueryContext query, ref List<ResponseRule>? responseRules);
}
