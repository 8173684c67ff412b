using ClusterDns.Core.Patterns;

namespace ClusterDns.Core.Expressions.Nodes;

/// <summary><c>matches</c>: does a regular expression match somewhere in the text?</summary>
internal sealed class PatternNode(ExpressionNode text, Pattern pattern) : ExpressionNode
{
    public override ValueKinds Kinds => ValueKinds.Bool;

    public override Value Evaluate(ref ExpressionRun run)
    {
        var value = text.Evaluate(ref run);
        return value.Kind is ValueKinds.Text ? Value.From(pattern.IsMatch(value.Text)) : run.Fail();
    }
}
