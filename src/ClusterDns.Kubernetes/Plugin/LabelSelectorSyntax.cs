using System.Buffers;

namespace ClusterDns.Kubernetes.Plugin;

/// <summary>Tells selectors that the API would take from those it would not, so that a typing error ends the start and not a watch.</summary>
internal static class LabelSelectorSyntax
{
    private static readonly SearchValues<char> KeyCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./");

    private static readonly SearchValues<char> ValueCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>Requirements behind commas: <c>key</c>, <c>!key</c>, <c>key=value</c>, <c>key in (a, b)</c> and their like.</summary>
    public static bool IsValid(string selector)
    {
        var rest = selector.AsSpan().Trim();
        while (!rest.IsEmpty)
        {
            var end = FindEnd(rest);
            if (!IsRequirement(rest[..end].Trim()))
            {
                return false;
            }

            if (end == rest.Length)
            {
                return true;
            }

            rest = rest[(end + 1)..].TrimStart();
            if (rest.IsEmpty)
            {
                return false;
            }
        }

        return true;
    }

    // The comma that ends the first requirement: not one between parentheses.
    private static int FindEnd(ReadOnlySpan<char> text)
    {
        var depth = 0;
        for (var index = 0; index < text.Length; index++)
        {
            depth += text[index] switch
            {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            if (text[index] == ',' && depth == 0)
            {
                return index;
            }
        }

        return text.Length;
    }

    private static bool IsRequirement(ReadOnlySpan<char> text)
    {
        if (text is ['!', ..])
        {
            return IsKey(text[1..].Trim());
        }

        var end = text.IndexOfAnyExcept(KeyCharacters);
        if (end < 0)
        {
            return IsKey(text);
        }

        if (!IsKey(text[..end]))
        {
            return false;
        }

        var rest = text[end..].Trim();
        return StripOperator(ref rest) ? IsValue(rest) : StripWord(ref rest) && IsSet(rest);
    }

    private static bool StripOperator(ref ReadOnlySpan<char> text)
    {
        var length = text switch
        {
            ['=', '=', ..] or ['!', '=', ..] => 2,
            ['=', ..] or ['<', ..] or ['>', ..] => 1,
            _ => 0,
        };
        text = text[length..].Trim();
        return length > 0;
    }

    private static bool StripWord(ref ReadOnlySpan<char> text)
    {
        var length = text.StartsWith("in", StringComparison.Ordinal) ? 2
            : text.StartsWith("notin", StringComparison.Ordinal) ? 5 : 0;
        text = text[length..].Trim();
        return length > 0;
    }

    private static bool IsSet(ReadOnlySpan<char> text)
    {
        if (text is not ['(', .. var values, ')'])
        {
            return false;
        }

        foreach (var range in values.Split(','))
        {
            if (!IsValue(values[range].Trim()))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsKey(ReadOnlySpan<char> text) =>
        !text.IsEmpty && !text.ContainsAnyExcept(KeyCharacters) && char.IsAsciiLetterOrDigit(text[0]) && char.IsAsciiLetterOrDigit(text[^1]);

    private static bool IsValue(ReadOnlySpan<char> text) =>
        text.IsEmpty || (text.Length <= 63 && !text.ContainsAnyExcept(ValueCharacters)
            && char.IsAsciiLetterOrDigit(text[0]) && char.IsAsciiLetterOrDigit(text[^1]));
}
