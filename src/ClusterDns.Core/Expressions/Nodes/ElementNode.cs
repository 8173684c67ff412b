namespace ClusterDns.Core.Expressions.Nodes;

/// <summary><c>#</c> and <c>#index</c>: the element that a predicate is asked about, and its place.</summary>
internal sealed class ElementNode(bool isIndex) : ExpressionNode
{
    public override ValueKinds Kinds => isIndex ? ValueKinds.Int : ValueKinds.Any;

    public override Value Evaluate(ref ExpressionRun run) => isIndex ? Value.From(run.Index) : run.Element.Load();
}
