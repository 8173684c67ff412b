using System.Globalization;

namespace ClusterDns.Core.Patterns;

/// <summary>Reads character classes and escaped characters of an expression.</summary>
/// <param name="text">The whole expression; methods move the position they are given past what they read.</param>
internal readonly struct ClassReader(string text)
{
    private const int MaxCodePoint = 0x10ffff;

    /// <summary>Reads a class from behind its '[' to behind its ']'.</summary>
    public void Read(ref int position, CharacterSet set)
    {
        if (Peek(position) == '^')
        {
            set.IsNegated = true;
            position++;
        }

        for (var first = true; first || Peek(position) != ']'; first = false)
        {
            if (position >= text.Length)
            {
                throw new PatternException("a ']' is missing");
            }

            if (!TryReadPosixClass(ref position, set) && !(text[position] == '\\' && TryReadEscapedClass(ref position, set)))
            {
                ReadRange(ref position, set, first);
            }
        }

        position++;
    }

    /// <summary>Reads <c>d</c>, <c>W</c>, <c>pN</c> or <c>p{Lu}</c>, which stand behind a backslash.</summary>
    public bool TryReadNamedClass(ref int position, CharacterSet set)
    {
        var letter = Peek(position);
        if (letter is not ('p' or 'P'))
        {
            if (!CharacterClasses.TryAddPerl(set, letter))
            {
                return false;
            }

            position++;
            return true;
        }

        position++;
        var name = ReadUnicodeName(ref position);
        var negated = letter == 'P';
        if (name.StartsWith('^'))
        {
            negated = !negated;
            name = name[1..];
        }

        return CharacterClasses.TryAddUnicode(set, name, negated)
            ? true
            : throw new PatternException($@"'\p{{{name}}}' is not a class of characters known here");
    }

    /// <summary>Reads one escaped character, from behind its backslash.</summary>
    public int ReadEscapedCharacter(ref int position)
    {
        var letter = Peek(position);
        position++;
        switch (letter)
        {
            case 'a': return '\a';
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'v': return '\v';
            case 'x': return ReadHexadecimal(ref position);
            case >= '0' and <= '7' when letter == '0' || CharacterClasses.DigitValue(Peek(position), 8) >= 0:
                return ReadOctal(ref position, letter);
            case > '\0' when char.IsAscii(letter) && !char.IsAsciiLetterOrDigit(letter): return letter;
            default: throw new PatternException($@"'\{(letter == '\0' ? "" : letter)}' is not supported");
        }
    }

    private char Peek(int position) => position < text.Length ? text[position] : '\0';

    private bool TryReadPosixClass(ref int position, CharacterSet set)
    {
        if (Peek(position) != '[' || Peek(position + 1) != ':')
        {
            return false;
        }

        var end = text.IndexOf(":]", position + 2, StringComparison.Ordinal);
        if (end < 0)
        {
            return false;
        }

        var name = text.AsSpan(position + 2, end - position - 2);
        var negated = name.StartsWith('^');
        if (!CharacterClasses.TryAddPosix(set, negated ? name[1..] : name, negated))
        {
            throw new PatternException($"'[:{name}:]' is not a class of characters");
        }

        position = end + 2;
        return true;
    }

    private bool TryReadEscapedClass(ref int position, CharacterSet set)
    {
        var behind = position + 1;
        if (!TryReadNamedClass(ref behind, set))
        {
            return false;
        }

        position = behind;
        return true;
    }

    private void ReadRange(ref int position, CharacterSet set, bool first)
    {
        // A '-' stands for itself at either end of a class and nowhere else, so that a slip is not read as a range.
        if (text[position] == '-' && !first && Peek(position + 1) is not (']' or '\0'))
        {
            throw new PatternException("a '-' in a class must be its first or last character");
        }

        var start = position;
        var low = ReadMember(ref position);
        var high = low;
        if (Peek(position) == '-' && Peek(position + 1) is not (']' or '\0'))
        {
            position++;
            high = ReadMember(ref position);
        }

        if (high < low)
        {
            throw new PatternException($"'{text[start..position]}' is not a range of characters");
        }

        set.Add(low, high);
    }

    private int ReadMember(ref int position)
    {
        if (Peek(position) != '\\')
        {
            return text[position++];
        }

        position++;
        return ReadEscapedCharacter(ref position);
    }

    private string ReadUnicodeName(ref int position)
    {
        if (Peek(position) != '{')
        {
            return position < text.Length ? text[position++].ToString() : "";
        }

        var end = text.IndexOf('}', position);
        if (end < 0)
        {
            throw new PatternException("a '}' is missing");
        }

        var name = text[(position + 1)..end];
        position = end + 1;
        return name;
    }

    private int ReadOctal(ref int position, char first)
    {
        var value = first - '0';
        for (var digits = 1; digits < 3 && CharacterClasses.DigitValue(Peek(position), 8) is var digit and >= 0; digits++)
        {
            value = (value * 8) + digit;
            position++;
        }

        return value;
    }

    private int ReadHexadecimal(ref int position)
    {
        ReadOnlySpan<char> digits;
        if (Peek(position) == '{')
        {
            var end = text.IndexOf('}', position);
            digits = end < 0 ? default : text.AsSpan((position + 1)..end);
            position = end + 1;
        }
        else
        {
            digits = text.AsSpan(position, Math.Min(2, text.Length - position));
            digits = digits.Length == 2 ? digits : default;
            position += digits.Length;
        }

        return digits.Length is > 0 and <= 8
            && int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            && value is >= 0 and <= MaxCodePoint
            && value is not (>= 0xd800 and <= 0xdfff)
            ? value
            : throw new PatternException(@"'\x' needs two hexadecimal digits or '{' digits '}'");
    }
}
