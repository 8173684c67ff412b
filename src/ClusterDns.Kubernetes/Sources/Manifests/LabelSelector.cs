using ClusterDns.Kubernetes.Objects;

namespace ClusterDns.Kubernetes.Sources.Manifests;

/// <summary>
/// Chooses objects by their labels, in the language of the API server: `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin
/// (b)`, `a`, `!a`, joined by commas.
/// </summary>
internal sealed class LabelSelector
{
    private readonly List<(string Key, string[]? Values, bool Wanted)> _requirements = [];

    private LabelSelector()
    {
    }

    /// <exception cref="SourceConfigurationException">The text is no selector.</exception>
    public static LabelSelector Parse(string text)
    {
        LabelSelector selector = new();
        int start = 0;
        int depth = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            char c = i < text.Length ? text[i] : ',';
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ',' && (depth == 0 || i == text.Length))
            {
                string part = text[start..i].Trim();
                start = i + 1;
                if (part.Length > 0)
                {
                    selector._requirements.Add(ParseOne(part)
                        ?? throw new SourceConfigurationException($"found '{part}', expected a label selector"));
                }
            }
        }

        return selector;
    }

    public bool Matches(LabelSet labels)
    {
        foreach ((string key, string[]? values, bool wanted) in _requirements)
        {
            bool found = labels.TryGetValue(key, out string? value)
                && (values is null || Array.IndexOf(values, value) >= 0);
            if (found != wanted)
            {
                return false;
            }
        }

        return true;
    }

    private static (string Key, string[]? Values, bool Wanted)? ParseOne(string text)
    {
        int keyEnd = text.AsSpan().IndexOfAny(" =!(".AsSpan());
        if (text[0] == '!')
        {
            string absent = text[1..].Trim();
            return IsKey(absent) ? (absent, null, false) : null;
        }

        if (keyEnd < 0)
        {
            return IsKey(text) ? (text, null, true) : null;
        }

        string key = text[..keyEnd];
        string rest = text[keyEnd..].Trim();
        if (!IsKey(key))
        {
            return null;
        }

        foreach ((string word, bool wanted) in new[] { ("==", true), ("!=", false), ("=", true) })
        {
            if (rest.StartsWith(word, StringComparison.Ordinal))
            {
                string value = rest[word.Length..].Trim();
                return IsValue(value) ? (key, [value], wanted) : null;
            }
        }

        foreach ((string word, bool wanted) in new[] { ("notin", false), ("in", true) })
        {
            string list = rest.StartsWith(word, StringComparison.Ordinal) ? rest[word.Length..].Trim() : "";
            if (list is ['(', .., ')'])
            {
                string[] values = list[1..^1].Split(',', StringSplitOptions.TrimEntries);
                return Array.TrueForAll(values, IsValue) ? (key, values, wanted) : null;
            }
        }

        return null;
    }

    private static bool IsKey(string text) => text.Length > 0 && IsText(text, '/');

    private static bool IsValue(string text) => IsText(text, '_');

    private static bool IsText(string text, char extra)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.') && c != extra)
            {
                return false;
            }
        }

        return true;
    }
}
