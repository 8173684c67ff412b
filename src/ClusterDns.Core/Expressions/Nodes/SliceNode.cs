namespace ClusterDns.Core.Expressions.Nodes;

/// <summary><c>x[from:to]</c> of an array or a string; bounds below zero count from the end, those outside are the end.</summary>
internal sealed class SliceNode(ExpressionNode content, ExpressionNode? from, ExpressionNode? to) : ExpressionNode
{
    public override ValueKinds Kinds => content.Kinds & (ValueKinds.Array | ValueKinds.Text);

    public override Value Evaluate(ref ExpressionRun run)
    {
        var value = content.Evaluate(ref run);
        var length = value.Kind is ValueKinds.Text ? value.Text.Length : value.Items.Length;
        var start = Bound(ref run, from, 0, length);
        var end = Math.Max(start, Bound(ref run, to, length, length));
        return value.Kind switch
        {
            ValueKinds.Text => Value.From(value.Text[start..end]),
            ValueKinds.Array => Value.From(value.Items[start..end]),
            _ => run.Fail(),
        };
    }

    private static int Bound(ref ExpressionRun run, ExpressionNode? bound, int whenNone, int length)
    {
        if (bound is null)
        {
            return whenNone;
        }

        var value = bound.Evaluate(ref run);
        if (value.Kind is not ValueKinds.Int)
        {
            run.Fail();
            return 0;
        }

        return (int)Math.Clamp(value.Integer < 0 ? value.Integer + length : value.Integer, 0, length);
    }
}
