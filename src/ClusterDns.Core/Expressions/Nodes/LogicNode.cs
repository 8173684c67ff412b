namespace ClusterDns.Core.Expressions.Nodes;

/// <summary><c>and</c> and <c>or</c>: the right side is looked at only where the left one leaves it open.</summary>
internal sealed class LogicNode(ExpressionNode left, ExpressionNode right, bool isAnd) : ExpressionNode
{
    public override ValueKinds Kinds => ValueKinds.Bool;

    public override Value Evaluate(ref ExpressionRun run)
    {
        var first = left.Evaluate(ref run);
        if (first.Kind is not ValueKinds.Bool)
        {
            return run.Fail();
        }

        if (first.IsTrue != isAnd)
        {
            return first;
        }

        var second = right.Evaluate(ref run);
        return second.Kind is ValueKinds.Bool ? second : run.Fail();
    }
}
