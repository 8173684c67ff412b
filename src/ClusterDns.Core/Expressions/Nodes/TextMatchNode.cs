namespace ClusterDns.Core.Expressions.Nodes;

/// <summary><c>contains</c>, <c>startsWith</c> and <c>endsWith</c>.</summary>
internal sealed class TextMatchNode(ExpressionNode left, ExpressionNode right, string symbol) : ExpressionNode
{
    public override ValueKinds Kinds => ValueKinds.Bool;

    public override Value Evaluate(ref ExpressionRun run)
    {
        var text = left.Evaluate(ref run);
        var part = right.Evaluate(ref run);
        if (text.Kind is not ValueKinds.Text || part.Kind is not ValueKinds.Text)
        {
            return run.Fail();
        }

        return Value.From(symbol switch
        {
            "contains" => text.Text.Contains(part.Text, StringComparison.Ordinal),
            "startsWith" => text.Text.StartsWith(part.Text, StringComparison.Ordinal),
            _ => text.Text.EndsWith(part.Text, StringComparison.Ordinal),
        });
    }
}
