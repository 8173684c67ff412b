namespace ClusterDns.Core.Expressions.Functions;

/// <summary>Computes a function; it evaluates the arguments itself, whose number and kinds were checked as far as they are known.</summary>
internal delegate Value FunctionBody(ref ExpressionRun run, ExpressionNode[] arguments);
