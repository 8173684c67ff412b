using System.Text.RegularExpressions;

namespace ClusterDns.Testing.ApiServer;

/// <summary>Which objects a request asks for: namespace, label selector and field selector.</summary>
internal sealed partial class ApiSelector
{
    private readonly List<Func<ApiObject, bool>> _tests = [];

    private ApiSelector()
    {
    }

    public bool Matches(ApiObject item) => _tests.TrueForAll(test => test(item));

    /// <summary>Null where the API server would answer 400, with its message.</summary>
    public static ApiSelector? Parse(string? @namespace, string labels, string fields, out string error)
    {
        ApiSelector selector = new();
        error = "";
        if (@namespace is not null)
        {
            selector._tests.Add(item => item.Namespace == @namespace);
        }

        foreach (string part in Requirements().Split(labels).Select(part => part.Trim()).Where(part => part.Length > 0))
        {
            if (LabelTest(part) is not { } test)
            {
                error = $"unable to parse requirement: found '{part}', expected: identifier";
                return null;
            }

            selector._tests.Add(test);
        }

        foreach (string part in fields.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] sides = FieldOperator().Split(part, 2);
            if (sides.Length != 2)
            {
                error = $"invalid field selector {part}";
                return null;
            }

            bool wanted = !part.Contains("!=", StringComparison.Ordinal);
            selector._tests.Add(item => item.Field(sides[0]) == sides[1] == wanted);
        }

        return selector;
    }

    private static Func<ApiObject, bool>? LabelTest(string text)
    {
        if (SetRequirement().Match(text) is { Success: true } set)
        {
            string[] values = set.Groups[3].Value.Split(',').Select(value => value.Trim()).ToArray();
            bool wanted = set.Groups[2].Value == "in";
            string key = set.Groups[1].Value;
            return item => wanted == (item.Label(key) is { } value && values.Contains(value));
        }

        if (EqualityRequirement().Match(text) is { Success: true } equality)
        {
            string key = equality.Groups[1].Value;
            string value = equality.Groups[3].Value;
            bool wanted = equality.Groups[2].Value != "!=";
            return item => (item.Label(key) == value) == wanted;
        }

        if (Existence().Match(text) is { Success: true } existence)
        {
            string key = existence.Groups[2].Value;
            bool wanted = existence.Groups[1].Length == 0;
            return item => (item.Label(key) is not null) == wanted;
        }

        return null;
    }

    [GeneratedRegex(@",(?![^(]*\))")]
    private static partial Regex Requirements();

    [GeneratedRegex("!=|==?")]
    private static partial Regex FieldOperator();

    [GeneratedRegex(@"^([\w./-]+)\s+(in|notin)\s*\(([^)]*)\)$")]
    private static partial Regex SetRequirement();

    [GeneratedRegex(@"^([\w./-]+)\s*(!=|==?)\s*([\w.-]*)$")]
    private static partial Regex EqualityRequirement();

    [GeneratedRegex(@"^(!?)\s*([\w./-]+)$")]
    private static partial Regex Existence();
}
