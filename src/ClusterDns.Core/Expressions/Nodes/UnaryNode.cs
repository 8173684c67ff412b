namespace ClusterDns.Core.Expressions.Nodes;

/// <summary><c>not x</c> and <c>-x</c>.</summary>
internal sealed class UnaryNode(ExpressionNode operand, bool negates) : ExpressionNode
{
    public override ValueKinds Kinds => negates ? operand.Kinds & ValueKinds.Number : ValueKinds.Bool;

    public override Value Evaluate(ref ExpressionRun run)
    {
        var value = operand.Evaluate(ref run);
        return value.Kind switch
        {
            ValueKinds.Bool when !negates => Value.From(!value.IsTrue),
            ValueKinds.Int when negates => Value.From(unchecked(-value.Integer)),
            ValueKinds.Float when negates => Value.From(-value.Number),
            _ => run.Fail(),
        };
    }
}
