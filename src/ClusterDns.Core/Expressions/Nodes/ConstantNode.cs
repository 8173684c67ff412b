namespace ClusterDns.Core.Expressions.Nodes;

/// <summary>A number, a string, true, false or nil.</summary>
internal sealed class ConstantNode(StoredValue value) : ExpressionNode
{
    public override ValueKinds Kinds => value.Kind;

    public override Value Evaluate(ref ExpressionRun run) => value.Load();
}
