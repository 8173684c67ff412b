namespace ClusterDns.Core.Expressions.Nodes;

/// <summary><c>condition ? a : b</c>; without a the condition's own value (<c>x ?: b</c>).</summary>
internal sealed class ConditionalNode(ExpressionNode condition, ExpressionNode whenTrue, ExpressionNode whenFalse) : ExpressionNode
{
    public override ValueKinds Kinds => whenTrue.Kinds | whenFalse.Kinds;

    public override Value Evaluate(ref ExpressionRun run)
    {
        var value = condition.Evaluate(ref run);
        if (value.Kind is not ValueKinds.Bool)
        {
            return run.Fail();
        }

        return value.IsTrue ? whenTrue.Evaluate(ref run) : whenFalse.Evaluate(ref run);
    }
}
