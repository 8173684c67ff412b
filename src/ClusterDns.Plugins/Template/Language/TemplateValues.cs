namespace ClusterDns.Plugins.Template.Language;

/// <summary>
/// What Go's templates think of values. A value is a string, a <see cref="long"/>, a <see cref="double"/>, a
/// <see cref="bool"/>, a list of strings, a map of strings, a <see cref="TemplateObject"/>, or null for none.
/// </summary>
internal static class TemplateValues
{
    /// <summary>False for false, zero, nothing, and what is empty.</summary>
    public static bool IsTrue(object? value) => value switch
    {
        null => false,
        bool truth => truth,
        long number => number != 0,
        double number => number != 0,
        string text => text.Length > 0,
        IReadOnlyDictionary<string, string> map => map.Count > 0,
        Array list => list.Length > 0,
        _ => true,
    };

    /// <summary>The members that <c>range</c> goes through, with their keys; false for what has none.</summary>
    public static bool TryGetMembers(object? value, out IEnumerable<(object? Key, object? Member)> members)
    {
        members = value switch
        {
            null => [],
            string[] list => list.Select(static (member, index) => ((object?)(long)index, (object?)member)),
            TemplateObject[] list => list.Select(static (member, index) => ((object?)(long)index, (object?)member)),
            IReadOnlyDictionary<string, string> map => map.OrderBy(static pair => pair.Key, StringComparer.Ordinal)
                .Select(static pair => ((object?)pair.Key, (object?)pair.Value)),
            long count => Count(count),
            _ => null!, // Read by nobody: the result is false.
        };
        return members is not null;
    }

    private static IEnumerable<(object? Key, object? Member)> Count(long count)
    {
        for (long number = 0; number < count; number++)
        {
            yield return (number, number);
        }
    }
}
