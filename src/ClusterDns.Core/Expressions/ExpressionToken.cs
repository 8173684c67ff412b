namespace ClusterDns.Core.Expressions;

/// <summary>One word of an expression.</summary>
/// <param name="Text">Of a string: what it stands for, without quotes and escapes.</param>
/// <param name="Position">Where it begins, counted from 0.</param>
internal readonly record struct ExpressionToken(ExpressionTokenKind Kind, string Text, int Position)
{
    public bool Is(string text) => Kind is ExpressionTokenKind.Operator or ExpressionTokenKind.Name && Text == text;

    public override string ToString() => Kind is ExpressionTokenKind.End ? "the end" : $"'{Text}'";
}
