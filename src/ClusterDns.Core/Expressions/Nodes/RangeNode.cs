namespace ClusterDns.Core.Expressions.Nodes;

/// <summary><c>1..3</c>: the whole numbers from one to another, both included.</summary>
internal sealed class RangeNode(ExpressionNode from, ExpressionNode to) : ExpressionNode
{
    private const long MaxItems = 10_000;

    public override ValueKinds Kinds => ValueKinds.Array;

    public ExpressionNode From => from;

    public ExpressionNode To => to;

    public override Value Evaluate(ref ExpressionRun run)
    {
        var first = from.Evaluate(ref run);
        var last = to.Evaluate(ref run);
        if (first.Kind is not ValueKinds.Int || last.Kind is not ValueKinds.Int
            || (Int128)last.Integer - first.Integer >= MaxItems)
        {
            return run.Fail();
        }

        var values = new StoredValue[Math.Max(0, last.Integer - first.Integer + 1)];
        for (var index = 0; index < values.Length; index++)
        {
            values[index] = new StoredValue(ValueKinds.Int, first.Integer + index);
        }

        return Value.From(values);
    }
}
