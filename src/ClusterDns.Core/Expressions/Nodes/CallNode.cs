using ClusterDns.Core.Expressions.Functions;

namespace ClusterDns.Core.Expressions.Nodes;

/// <summary>A function and its arguments.</summary>
internal sealed class CallNode(ExpressionFunction function, ExpressionNode[] arguments) : ExpressionNode
{
    public override ValueKinds Kinds => function.Result;

    public ExpressionFunction Function => function;

    public override Value Evaluate(ref ExpressionRun run) => function.Body(ref run, arguments);
}
