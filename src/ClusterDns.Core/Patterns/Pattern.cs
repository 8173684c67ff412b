using System.Globalization;
using System.Text.RegularExpressions;

namespace ClusterDns.Core.Patterns;

/// <summary>
/// A regular expression in the syntax operators know from Go (RE2): matched in time that grows with the text alone,
/// whatever the expression and the text are. Any number of threads may use one.
/// </summary>
public sealed class Pattern
{
    /// <summary>Characters of the longest expression.</summary>
    public const int MaxLength = 10_000;

    private readonly Regex _regex;

    private Pattern(string text, Regex regex, IReadOnlyList<string> groupNames)
    {
        Text = text;
        _regex = regex;
        GroupNames = groupNames;
    }

    /// <summary>As the operator wrote it.</summary>
    public string Text { get; }

    /// <summary>Names of the groups by number, "" where a group has none; number 0 is the whole match.</summary>
    public IReadOnlyList<string> GroupNames { get; }

    /// <summary>Groups, the whole match not counted.</summary>
    public int GroupCount => GroupNames.Count - 1;

    /// <exception cref="PatternException">The operator's mistake, or something that needs backtracking.</exception>
    public static Pattern Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaxLength)
        {
            throw new PatternException(string.Create(CultureInfo.InvariantCulture, $"it is longer than {MaxLength} characters"));
        }

        var translator = new PatternTranslator(text);
        var translated = translator.Translate();
        return new Pattern(text, Compile(translated), translator.GroupNames);
    }

    /// <summary>True where the expression matches somewhere in the text. Allocates nothing once it is warm.</summary>
    public bool IsMatch(ReadOnlySpan<char> text) => _regex.IsMatch(text);

    /// <summary>The groups of the first match by number, null where one took no part; null without a match.</summary>
    public string?[]? Match(string text)
    {
        var match = _regex.Match(text);
        if (!match.Success)
        {
            return null;
        }

        var groups = new string?[GroupNames.Count];
        for (var index = 0; index < groups.Length; index++)
        {
            var group = match.Groups[index];
            groups[index] = group.Success ? group.Value : null;
        }

        return groups;
    }

    public override string ToString() => Text;

    private static Regex Compile(string translated)
    {
        try
        {
            return new Regex(translated, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw new PatternException(exception.Message);
        }
    }
}
