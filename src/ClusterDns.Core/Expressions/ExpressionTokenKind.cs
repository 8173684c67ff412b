namespace ClusterDns.Core.Expressions;

/// <summary>What a word of an expression is.</summary>
internal enum ExpressionTokenKind
{
    End,
    Integer,
    Float,
    Text,
    Name,
    Operator,
}
