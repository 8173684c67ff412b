using ClusterDns.Core.Corefile;
using ClusterDns.Core.Patterns;

namespace ClusterDns.Plugins.Rewrite;

/// <summary>Which names a rule is about: <c>exact</c>, <c>prefix</c>, <c>suffix</c>, <c>substring</c> or <c>regex</c> and a text.</summary>
internal sealed class NameCondition
{
    private readonly Pattern? _pattern;

    private NameCondition(NameMatch kind, string text, Pattern? pattern)
    {
        Kind = kind;
        Text = text;
        _pattern = pattern;
    }

    public NameMatch Kind { get; }

    /// <summary>In lower case and with a final dot, a prefix and a substring included, as CoreDNS has it; a regex as it is.</summary>
    public string Text { get; }

    /// <summary>Groups a regex has, the whole match not counted.</summary>
    public int GroupCount => _pattern?.GroupCount ?? 0;

    /// <summary>True and the kind where the word is one of the five.</summary>
    public static bool TryReadKind(Token word, out NameMatch kind)
    {
        (var known, kind) = word.Text.ToLowerInvariant() switch
        {
            "exact" => (true, NameMatch.Exact),
            "prefix" => (true, NameMatch.Prefix),
            "suffix" => (true, NameMatch.Suffix),
            "substring" => (true, NameMatch.Substring),
            "regex" => (true, NameMatch.Regex),
            _ => (false, NameMatch.Exact),
        };
        return known;
    }

    public static NameCondition Read(NameMatch kind, Token word)
    {
        if (kind is not NameMatch.Regex)
        {
            return new NameCondition(kind, Normalize(word.Text), null);
        }

        try
        {
            return new NameCondition(kind, word.Text, Pattern.Parse(word.Text));
        }
        catch (PatternException exception)
        {
            throw word.Unexpected($"a regular expression: {exception.Message}");
        }
    }

    /// <summary>Lower case and a final dot.</summary>
    public static string Normalize(string text)
    {
        text = text.ToLowerInvariant();
        return text.EndsWith('.') ? text : text + ".";
    }

    /// <param name="name">Presentation form, lower case, with its final dot.</param>
    public bool Matches(ReadOnlySpan<char> name) => Kind switch
    {
        NameMatch.Exact => name.SequenceEqual(Text),
        NameMatch.Prefix => name.StartsWith(Text, StringComparison.Ordinal),
        NameMatch.Suffix => name.EndsWith(Text, StringComparison.Ordinal),
        NameMatch.Substring => name.Contains(Text, StringComparison.Ordinal),
        _ => _pattern!.IsMatch(name), // a regex always has its pattern
    };

    /// <summary>The name with the matching part replaced; a regex replaces all of it, with <c>{1}</c> for its groups. Null: no match.</summary>
    public string? Replace(string name, string replacement)
    {
        if (Kind is NameMatch.Regex)
        {
            return ReplaceGroups(name, replacement);
        }

        return !Matches(name) ? null : Kind switch
        {
            NameMatch.Exact => replacement,
            NameMatch.Prefix => replacement + name[Text.Length..],
            NameMatch.Suffix => name[..^Text.Length] + replacement,
            _ => name.Replace(Text, replacement, StringComparison.Ordinal),
        };
    }

    private string? ReplaceGroups(string name, string replacement)
    {
        if (_pattern!.Match(name) is not { } groups) // a regex always has its pattern
        {
            return null;
        }

        for (var index = 0; index < groups.Length; index++)
        {
            replacement = replacement.Replace($"{{{index}}}", groups[index] ?? "", StringComparison.Ordinal);
        }

        return replacement;
    }
}
