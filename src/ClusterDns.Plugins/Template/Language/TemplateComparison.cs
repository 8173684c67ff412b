namespace ClusterDns.Plugins.Template.Language;

/// <summary><c>eq</c> and its family.</summary>
internal static class TemplateComparison
{
    /// <summary><c>eq</c>: the first argument equals one of the others.</summary>
    public static object? EqualsAny(TemplateRun run, ReadOnlySpan<object?> arguments)
    {
        foreach (var other in arguments[1..])
        {
            if (AreEqual(run, arguments[0], other))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary><c>ne</c>.</summary>
    public static object? Differs(TemplateRun run, ReadOnlySpan<object?> arguments) => !AreEqual(run, arguments[0], arguments[1]);

    /// <summary>Order of two numbers or two strings; an error for anything else.</summary>
    public static int Compare(TemplateRun run, ReadOnlySpan<object?> arguments)
    {
        switch (arguments[0], arguments[1])
        {
            case (long left, long right):
                return left.CompareTo(right);
            case (double left, double right):
                return left.CompareTo(right);
            case (string left, string right):
                return string.CompareOrdinal(left, right);
            default:
                run.Fail("incompatible types for comparison");
                return 0;
        }
    }

    private static bool AreEqual(TemplateRun run, object? left, object? right)
    {
        switch (left, right)
        {
            case (null, _) or (_, null):
                return left is null && right is null;
            case (long or double or string or bool, _) when left.GetType() == right.GetType():
                return left.Equals(right);
            default:
                run.Fail("incompatible types for comparison");
                return false;
        }
    }
}
