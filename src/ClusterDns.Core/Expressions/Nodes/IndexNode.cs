namespace ClusterDns.Core.Expressions.Nodes;

/// <summary><c>array[index]</c>; below zero counts from the end.</summary>
internal sealed class IndexNode(ExpressionNode array, ExpressionNode index) : ExpressionNode
{
    public override ValueKinds Kinds => ValueKinds.Any;

    public override Value Evaluate(ref ExpressionRun run)
    {
        var items = array.Evaluate(ref run).Items;
        var at = index.Evaluate(ref run);
        var position = at.Integer < 0 ? items.Length + at.Integer : at.Integer;
        return at.Kind is ValueKinds.Int && position >= 0 && position < items.Length ? items[(int)position].Load() : run.Fail();
    }
}
