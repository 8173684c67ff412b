namespace ClusterDns.Core.Expressions.Nodes;

/// <summary><c>==</c> and <c>!=</c>.</summary>
internal sealed class EqualityNode(ExpressionNode left, ExpressionNode right, bool isEqual) : ExpressionNode
{
    public override ValueKinds Kinds => ValueKinds.Bool;

    public override Value Evaluate(ref ExpressionRun run)
    {
        var first = left.Evaluate(ref run);
        return Value.From(Value.AreEqual(first, right.Evaluate(ref run)) == isEqual);
    }
}
