namespace ClusterDns.Core.Expressions.Nodes;

/// <summary><c>a ?? b</c>: b where a is nil.</summary>
internal sealed class CoalesceNode(ExpressionNode first, ExpressionNode second) : ExpressionNode
{
    public override ValueKinds Kinds => first.Kinds | second.Kinds;

    public override Value Evaluate(ref ExpressionRun run)
    {
        var value = first.Evaluate(ref run);
        return value.Kind is ValueKinds.Nil ? second.Evaluate(ref run) : value;
    }
}
