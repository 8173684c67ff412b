namespace ClusterDns.Core.Expressions;

/// <summary>An operator's mistake in an expression; the message is one line that ends in the column, counted from 1.</summary>
public sealed class ExpressionException(string message) : Exception(message)
{
    internal ExpressionException(string message, int position)
        : this($"{message} (column {position + 1})")
    {
    }
}
