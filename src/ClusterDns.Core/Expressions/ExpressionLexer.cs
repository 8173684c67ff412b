using System.Globalization;
using System.Text;

namespace ClusterDns.Core.Expressions;

/// <summary>Cuts an expression into words.</summary>
internal sealed class ExpressionLexer(string text)
{
    // Longer ones first.
    private static readonly string[] Operators =
    [
        "||", "&&", "==", "!=", "<=", ">=", "..", "**", "??", "#index",
        "<", ">", "+", "-", "*", "/", "%", "^", "!", "?", ":", "|", ",", "(", ")", "[", "]", "{", "}", "#", ".",
    ];

    private int _position;

    /// <exception cref="ExpressionException">A string without end, or a character that means nothing.</exception>
    public static List<ExpressionToken> Read(string text)
    {
        var lexer = new ExpressionLexer(text);
        var tokens = new List<ExpressionToken>();
        do
        {
            tokens.Add(lexer.Next());
        }
        while (tokens[^1].Kind is not ExpressionTokenKind.End);

        return tokens;
    }

    private ExpressionToken Next()
    {
        while (_position < text.Length && char.IsWhiteSpace(text[_position]))
        {
            _position++;
        }

        var start = _position;
        if (start == text.Length)
        {
            return new ExpressionToken(ExpressionTokenKind.End, "", start);
        }

        var first = text[start];
        if (first is '\'' or '"')
        {
            return new ExpressionToken(ExpressionTokenKind.Text, ReadText(first), start);
        }

        if (first is '`')
        {
            return new ExpressionToken(ExpressionTokenKind.Text, ReadRawText(), start);
        }

        if (char.IsAsciiDigit(first) || (first == '.' && start + 1 < text.Length && char.IsAsciiDigit(text[start + 1])))
        {
            return ReadNumber();
        }

        if (IsNameStart(first))
        {
            while (_position < text.Length && (IsNameStart(text[_position]) || char.IsAsciiDigit(text[_position])))
            {
                _position++;
            }

            return new ExpressionToken(ExpressionTokenKind.Name, text[start.._position], start);
        }

        foreach (var symbol in Operators)
        {
            if (string.CompareOrdinal(text, start, symbol, 0, symbol.Length) == 0)
            {
                _position += symbol.Length;
                return new ExpressionToken(ExpressionTokenKind.Operator, symbol, start);
            }
        }

        throw new ExpressionException($"unexpected character '{first}'", start);
    }

    // 12, 1_000, 0x1f, 0o17, 0b101, 1.5, .5, 1e3; the two points of a range end a number.
    private ExpressionToken ReadNumber()
    {
        var start = _position;
        var isFloat = false;
        var isPrefixed = text[start] == '0' && start + 1 < text.Length && text[start + 1] is 'x' or 'X' or 'o' or 'O' or 'b' or 'B';
        _position += isPrefixed ? 2 : 0;
        for (; _position < text.Length; _position++)
        {
            var character = text[_position];
            if (!isPrefixed && character == '.' && !isFloat && _position + 1 < text.Length && char.IsAsciiDigit(text[_position + 1]))
            {
                isFloat = true;
            }
            else if (!isPrefixed && character is 'e' or 'E')
            {
                isFloat = true;
                _position += _position + 1 < text.Length && text[_position + 1] is '+' or '-' ? 1 : 0;
            }
            else if (!char.IsAsciiLetterOrDigit(character) && character != '_')
            {
                break;
            }
        }

        var digits = text[start.._position].Replace("_", "", StringComparison.Ordinal);
        return new ExpressionToken(isFloat ? ExpressionTokenKind.Float : ExpressionTokenKind.Integer, digits, start);
    }

    private string ReadRawText()
    {
        var end = text.IndexOf('`', _position + 1);
        if (end < 0)
        {
            throw new ExpressionException("a string without an end", _position);
        }

        var content = text[(_position + 1)..end];
        _position = end + 1;
        return content;
    }

    private string ReadText(char quote)
    {
        var start = _position++;
        var content = new StringBuilder();
        while (_position < text.Length)
        {
            var character = text[_position++];
            if (character == quote)
            {
                return content.ToString();
            }

            if (character == '\\' && _position < text.Length)
            {
                character = ReadEscape();
            }

            content.Append(character);
        }

        throw new ExpressionException("a string without an end", start);
    }

    private char ReadEscape()
    {
        var position = _position - 1;
        var letter = text[_position++];
        return letter switch
        {
            'a' => '\a',
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\v',
            '\\' or '\'' or '"' or '`' => letter,
            'x' => ReadHexadecimal(2),
            'u' => ReadHexadecimal(4),
            _ => throw new ExpressionException($"unknown escape '\\{letter}'", position),
        };
    }

    private char ReadHexadecimal(int digits)
    {
        var start = _position;
        _position = Math.Min(text.Length, start + digits);
        return ushort.TryParse(text.AsSpan(start, _position - start), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
            && _position == start + digits
            ? (char)code
            : throw new ExpressionException($"{digits} hexadecimal digits are missing", start);
    }

    private static bool IsNameStart(char character) => char.IsAsciiLetter(character) || character is '_' or '$';
}
