namespace ClusterDns.Core.Expressions;

/// <summary>A part of an expression. Evaluating one for a query leaves it as it is.</summary>
internal abstract class ExpressionNode
{
    /// <summary>What its value can be, as far as that is known without a query.</summary>
    public abstract ValueKinds Kinds { get; }

    public abstract Value Evaluate(ref ExpressionRun run);
}
