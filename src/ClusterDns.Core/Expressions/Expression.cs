using ClusterDns.Core.Pipeline;

namespace ClusterDns.Core.Expressions;

/// <summary>
/// An expression about a query, as <c>view</c> has them: read and checked once, evaluated for each query. Any number of
/// threads may use one.
/// </summary>
public sealed class Expression
{
    /// <summary>Characters of the longest expression.</summary>
    public const int MaxLength = 10_000;

    // Enough for a name twice, each octet written as \DDD.
    private const int MemoryLength = 4096;

    [ThreadStatic]
    private static char[]? _memory;

    private readonly ExpressionNode _root;

    private Expression(ExpressionNode root, string text)
    {
        _root = root;
        Text = text;
    }

    /// <summary>As the operator wrote it.</summary>
    public string Text { get; }

    /// <exception cref="ExpressionException">The operator's mistake.</exception>
    public static Expression Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length > MaxLength
            ? throw new ExpressionException($"it is longer than {MaxLength} characters")
            : new Expression(ExpressionParser.Parse(text), text);
    }

    /// <summary>
    /// True where the expression comes to true; false too where it comes to something else or cannot be computed.
    /// Allocates nothing unless it makes arrays.
    /// </summary>
    public bool IsTrue(QueryContext query)
    {
        var run = new ExpressionRun(query, _memory ??= new char[MemoryLength]);
        return _root.Evaluate(ref run).IsTrue && !run.HasFailed;
    }

    /// <summary>What the expression comes to, as text; null where it cannot be computed.</summary>
    public string? Evaluate(QueryContext query)
    {
        var run = new ExpressionRun(query, _memory ??= new char[MemoryLength]);
        var value = _root.Evaluate(ref run);
        return run.HasFailed ? null : value.ToString();
    }

    public override string ToString() => Text;
}
