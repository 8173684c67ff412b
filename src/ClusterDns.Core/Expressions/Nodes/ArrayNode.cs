namespace ClusterDns.Core.Expressions.Nodes;

/// <summary><c>[a, b]</c>.</summary>
internal sealed class ArrayNode(ExpressionNode[] items) : ExpressionNode
{
    public override ValueKinds Kinds => ValueKinds.Array;

    public ReadOnlySpan<ExpressionNode> Items => items;

    public override Value Evaluate(ref ExpressionRun run)
    {
        var values = new StoredValue[items.Length];
        for (var index = 0; index < values.Length; index++)
        {
            values[index] = items[index].Evaluate(ref run).Store();
        }

        return Value.From(values);
    }
}
