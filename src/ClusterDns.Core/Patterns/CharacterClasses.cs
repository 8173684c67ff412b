using System.Globalization;

namespace ClusterDns.Core.Patterns;

/// <summary>The classes of RE2 that have names: Perl's and POSIX's, both ASCII, and those of Unicode.</summary>
internal static class CharacterClasses
{
    private static readonly (int First, int Last)[] Digits = [('0', '9')];
    private static readonly (int First, int Last)[] Spaces = [('\t', '\n'), ('\f', '\r'), (' ', ' ')];
    private static readonly (int First, int Last)[] WordCharacters = [('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];

    private static readonly string[] Categories =
    [
        "C", "Cc", "Cf", "Co", "Cs", "L", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "Mc", "Me", "Mn", "N", "Nd", "Nl", "No",
        "P", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "S", "Sc", "Sk", "Sm", "So", "Z", "Zl", "Zp", "Zs",
    ];

    /// <summary>Adds <c>\d \D \s \S \w \W</c>; false for another letter.</summary>
    public static bool TryAddPerl(CharacterSet set, char letter)
    {
        var ranges = char.ToLowerInvariant(letter) switch
        {
            'd' => Digits,
            's' => Spaces,
            'w' => WordCharacters,
            _ => null,
        };
        if (ranges is null)
        {
            return false;
        }

        set.Add(ranges, negated: char.IsAsciiLetterUpper(letter));
        return true;
    }

    /// <summary>Adds <c>[:name:]</c>; false for a name that is not one.</summary>
    public static bool TryAddPosix(CharacterSet set, ReadOnlySpan<char> name, bool negated)
    {
        (int First, int Last)[]? ranges = name switch
        {
            "alnum" => [('0', '9'), ('A', 'Z'), ('a', 'z')],
            "alpha" => [('A', 'Z'), ('a', 'z')],
            "ascii" => [(0, 0x7f)],
            "blank" => [('\t', '\t'), (' ', ' ')],
            "cntrl" => [(0, 0x1f), (0x7f, 0x7f)],
            "digit" => Digits,
            "graph" => [('!', '~')],
            "lower" => [('a', 'z')],
            "print" => [(' ', '~')],
            "punct" => [('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
            "space" => [('\t', '\r'), (' ', ' ')],
            "upper" => [('A', 'Z')],
            "word" => WordCharacters,
            "xdigit" => [('0', '9'), ('A', 'F'), ('a', 'f')],
            _ => null,
        };
        if (ranges is null)
        {
            return false;
        }

        set.Add(ranges, negated);
        return true;
    }

    /// <summary>Adds <c>\p{name}</c>: a general category, or one of the scripts that have a block of their own.</summary>
    public static bool TryAddUnicode(CharacterSet set, string name, bool negated)
    {
        if (name == "Any")
        {
            set.Add([(0, char.MaxValue)], negated);
            return true;
        }

        if (name == "Latin")
        {
            set.Add([('A', 'Z'), ('a', 'z'), (0xaa, 0xaa), (0xba, 0xba), (0xc0, 0xd6), (0xd8, 0xf6), (0xf8, 0x2b8), (0x1e00, 0x1eff)], negated);
            return true;
        }

        var category = name is "Greek" or "Cyrillic" or "Hebrew" or "Arabic" or "Thai" or "Armenian" or "Hiragana" or "Katakana"
            ? "Is" + name
            : Array.Find(Categories, known => string.Equals(known, name, StringComparison.Ordinal));
        if (category is null)
        {
            return false;
        }

        set.AddCategory(category, negated);
        return true;
    }

    /// <summary>The value of an octal or hexadecimal digit; -1 for another character.</summary>
    public static int DigitValue(char digit, int radix)
    {
        var value = char.IsAsciiHexDigit(digit) ? int.Parse([digit], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : -1;
        return value < radix ? value : -1;
    }
}
