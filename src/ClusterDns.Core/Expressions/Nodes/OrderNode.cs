namespace ClusterDns.Core.Expressions.Nodes;

/// <summary><c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c> and <c>&gt;=</c>, of numbers or of strings.</summary>
internal sealed class OrderNode(ExpressionNode left, ExpressionNode right, string symbol) : ExpressionNode
{
    public override ValueKinds Kinds => ValueKinds.Bool;

    public override Value Evaluate(ref ExpressionRun run)
    {
        var first = left.Evaluate(ref run);
        var second = right.Evaluate(ref run);
        int order;
        if (((first.Kind | second.Kind) & ~ValueKinds.Number) == 0)
        {
            order = ((first.Kind | second.Kind) & ValueKinds.Float) == 0
                ? first.Integer.CompareTo(second.Integer)
                : first.Number.CompareTo(second.Number);
        }
        else if (first.Kind is ValueKinds.Text && second.Kind is ValueKinds.Text)
        {
            order = first.Text.SequenceCompareTo(second.Text);
        }
        else
        {
            return run.Fail();
        }

        return Value.From(symbol switch
        {
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            _ => order >= 0,
        });
    }
}
