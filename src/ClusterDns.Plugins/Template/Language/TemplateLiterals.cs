using System.Globalization;
using System.Text;

namespace ClusterDns.Plugins.Template.Language;

/// <summary>Constants as Go writes them.</summary>
internal static class TemplateLiterals
{
    /// <summary>The value of a quoted or number token.</summary>
    /// <exception cref="TemplateSyntaxException">It is not one of Go's.</exception>
    public static object Parse(TemplateToken token) => token switch
    {
        { Kind: TemplateTokenKind.Quoted, Text: ['`', .. var raw, '`'] } => raw.Replace("\r", "", StringComparison.Ordinal),
        { Kind: TemplateTokenKind.Quoted, Text: ['"', .. var quoted, '"'] } => Unquote(quoted),
        { Kind: TemplateTokenKind.Quoted } => ParseCharacter(token.Text),
        _ => ParseNumber(token.Text),
    };

    /// <summary>Reads a whole number with an optional sign, prefix (<c>0x</c>, <c>0o</c>, <c>0b</c>, <c>0</c>) and underscores.</summary>
    public static bool TryParseInteger(string text, out long value)
    {
        value = 0;
        var isNegative = text.StartsWith('-');
        var digits = text.TrimStart('+', '-').Replace("_", "", StringComparison.Ordinal);
        var (radix, start) = digits switch
        {
            ['0', 'x' or 'X', ..] => (16, 2),
            ['0', 'o' or 'O', ..] => (8, 2),
            ['0', 'b' or 'B', ..] => (2, 2),
            ['0', _, ..] => (8, 1),
            _ => (10, 0),
        };
        if (!TryParseDigits(digits.AsSpan(start), radix, out var magnitude) || magnitude > (ulong)long.MaxValue)
        {
            return false;
        }

        value = isNegative ? -(long)magnitude : (long)magnitude;
        return true;
    }

    /// <summary>Reads digits of a radix from 2 to 36, without sign or prefix.</summary>
    public static bool TryParseDigits(ReadOnlySpan<char> digits, int radix, out ulong value)
    {
        value = 0;
        foreach (var character in digits)
        {
            var digit = char.IsAsciiDigit(character) ? character - '0'
                : char.IsAsciiLetter(character) ? (character | 0x20) - 'a' + 10
                : int.MaxValue;
            var next = ((UInt128)value * (uint)radix) + (uint)Math.Min(digit, radix);
            if (digit >= radix || next > ulong.MaxValue)
            {
                return false;
            }

            value = (ulong)next;
        }

        return !digits.IsEmpty;
    }

    private static object ParseNumber(string text)
    {
        if (TryParseInteger(text, out var integer))
        {
            return integer;
        }

        const NumberStyles Float = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(text, Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw new TemplateSyntaxException($"bad number syntax: \"{text}\"");
    }

    private static object ParseCharacter(string text)
    {
        var character = text.Length > 2 ? Unquote(text[1..^1]) : "";
        return character.Length > 0 && Rune.TryGetRuneAt(character, 0, out var rune) && rune.Utf16SequenceLength == character.Length
            ? (long)rune.Value
            : throw new TemplateSyntaxException($"malformed character constant: {text}");
    }

    private static string Unquote(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        for (var position = 0; position < text.Length;)
        {
            if (text[position] != '\\')
            {
                result.Append(text[position++]);
                continue;
            }

            position++;
            AppendEscaped(result, text, ref position);
        }

        return result.ToString();
    }

    private static void AppendEscaped(StringBuilder result, string text, ref int position)
    {
        var letter = position < text.Length ? text[position++] : '\0';
        switch (letter)
        {
            case 'a': result.Append('\a'); return;
            case 'b': result.Append('\b'); return;
            case 'f': result.Append('\f'); return;
            case 'n': result.Append('\n'); return;
            case 'r': result.Append('\r'); return;
            case 't': result.Append('\t'); return;
            case 'v': result.Append('\v'); return;
            case '\\' or '"' or '\'': result.Append(letter); return;
        }

        var (radix, digits) = letter switch
        {
            'x' => (16, 2),
            'u' => (16, 4),
            'U' => (16, 8),
            >= '0' and <= '7' => (8, 3),
            _ => (0, 0),
        };
        position -= radix == 8 ? 1 : 0;
        if (radix == 0 || position + digits > text.Length
            || !TryParseDigits(text.AsSpan(position, digits), radix, out var value) || !Rune.IsValid((int)Math.Min(value, int.MaxValue)))
        {
            throw new TemplateSyntaxException($"invalid escape \\{letter} in a string");
        }

        position += digits;
        result.Append(new Rune((int)value).ToString());
    }
}
