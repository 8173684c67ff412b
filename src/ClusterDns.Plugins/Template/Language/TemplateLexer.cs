namespace ClusterDns.Plugins.Template.Language;

/// <summary>Cuts a template into text and the words of its actions.</summary>
internal sealed class TemplateLexer(string text)
{
    private const string OpenMark = "{{";
    private const string CloseMark = "}}";

    private readonly List<TemplateToken> _tokens = [];
    private int _position;
    private bool _trimsNext;

    /// <exception cref="TemplateSyntaxException">An action, a string or a comment does not end.</exception>
    public IReadOnlyList<TemplateToken> Read()
    {
        while (_position < text.Length)
        {
            var open = text.IndexOf(OpenMark, _position, StringComparison.Ordinal);
            AddText(open < 0 ? text.Length : open, trimsEnd: open >= 0 && IsTrimMark(open + OpenMark.Length, before: false));
            if (open >= 0)
            {
                ReadAction();
            }
        }

        return _tokens;
    }

    private void AddText(int end, bool trimsEnd)
    {
        var piece = text[_position..end];
        piece = _trimsNext ? piece.TrimStart(' ', '\t', '\r', '\n') : piece;
        piece = trimsEnd ? piece.TrimEnd(' ', '\t', '\r', '\n') : piece;
        if (piece.Length > 0)
        {
            Add(TemplateTokenKind.Text, piece);
        }

        _trimsNext = false;
        _position = end;
    }

    // "{{- " takes the space before it, " -}}" the space behind it.
    private bool IsTrimMark(int position, bool before) => before
        ? At(position) == '-' && IsSpace(At(position - 1)) && text.AsSpan(position + 1).StartsWith(CloseMark)
        : At(position) == '-' && IsSpace(At(position + 1));

    private void ReadAction()
    {
        _position += OpenMark.Length;
        _position += IsTrimMark(_position, before: false) ? 2 : 0;
        if (text.AsSpan(_position).StartsWith("/*"))
        {
            SkipComment();
            return;
        }

        Add(TemplateTokenKind.Open, OpenMark);
        while (!TryClose())
        {
            ReadWord();
        }

        Add(TemplateTokenKind.Close, CloseMark);
    }

    private void SkipComment()
    {
        var end = text.IndexOf("*/", _position + 2, StringComparison.Ordinal);
        _position = end < 0 ? text.Length : end + 2;
        if (!TryClose())
        {
            throw new TemplateSyntaxException(end < 0 ? "unclosed comment" : "comment ends before closing delimiter");
        }
    }

    private bool TryClose()
    {
        var spaces = _position;
        while (IsSpace(At(spaces)))
        {
            spaces++;
        }

        if (IsTrimMark(spaces, before: true))
        {
            _trimsNext = true;
            _position = spaces + 1 + CloseMark.Length;
            return true;
        }

        if (!text.AsSpan(spaces).StartsWith(CloseMark))
        {
            return false;
        }

        _position = spaces + CloseMark.Length;
        return true;
    }

    private void ReadWord()
    {
        var start = _position;
        while (IsSpace(At(_position)))
        {
            _position++;
        }

        var isSpaced = _position > start;
        if (_position >= text.Length || text.AsSpan(_position).StartsWith(OpenMark))
        {
            throw new TemplateSyntaxException("unclosed action");
        }

        var character = At(_position);
        switch (character)
        {
            case '"' or '`' or '\'':
                Add(TemplateTokenKind.Quoted, ReadQuoted(character), isSpaced);
                break;
            case '|':
                AddSign(TemplateTokenKind.Pipe, 1, isSpaced);
                break;
            case '(':
                AddSign(TemplateTokenKind.LeftParenthesis, 1, isSpaced);
                break;
            case ')':
                AddSign(TemplateTokenKind.RightParenthesis, 1, isSpaced);
                break;
            case ',':
                AddSign(TemplateTokenKind.Comma, 1, isSpaced);
                break;
            case ':' when At(_position + 1) == '=':
                AddSign(TemplateTokenKind.Declare, 2, isSpaced);
                break;
            case '=':
                AddSign(TemplateTokenKind.Assign, 1, isSpaced);
                break;
            case '$':
                Add(TemplateTokenKind.Variable, TakeName(1), isSpaced);
                break;
            case '.' when IsNamePart(At(_position + 1)) && !char.IsAsciiDigit(At(_position + 1)):
                Add(TemplateTokenKind.Field, TakeName(1)[1..], isSpaced);
                break;
            case '.' when !char.IsAsciiDigit(At(_position + 1)):
                AddSign(TemplateTokenKind.Dot, 1, isSpaced);
                break;
            case '+' or '-' or '.' or (>= '0' and <= '9'):
                Add(TemplateTokenKind.Number, TakeNumber(), isSpaced);
                break;
            default:
                if (!IsNamePart(character))
                {
                    throw new TemplateSyntaxException($"unexpected '{character}' in an action");
                }

                Add(TemplateTokenKind.Word, TakeName(1), isSpaced);
                break;
        }
    }

    private string ReadQuoted(char quote)
    {
        var start = _position++;
        for (; _position < text.Length; _position++)
        {
            var character = text[_position];
            if (character == quote)
            {
                _position++;
                return text[start.._position];
            }

            if (character == '\n' && quote != '`')
            {
                break;
            }

            _position += character == '\\' && quote != '`' ? 1 : 0;
        }

        throw new TemplateSyntaxException("unterminated quoted string");
    }

    private string TakeName(int length)
    {
        while (IsNamePart(At(_position + length)))
        {
            length++;
        }

        return Take(length);
    }

    private string TakeNumber()
    {
        var length = 1;
        while (IsNamePart(At(_position + length)) || At(_position + length) == '.'
            || (At(_position + length) is '+' or '-' && At(_position + length - 1) is 'e' or 'E' or 'p' or 'P'))
        {
            length++;
        }

        return Take(length);
    }

    private string Take(int length)
    {
        var word = text.Substring(_position, length);
        _position += length;
        return word;
    }

    private void AddSign(TemplateTokenKind kind, int length, bool isSpaced) => Add(kind, Take(length), isSpaced);

    private void Add(TemplateTokenKind kind, string word, bool isSpaced = false) => _tokens.Add(new TemplateToken(kind, word, isSpaced));

    private char At(int position) => position >= 0 && position < text.Length ? text[position] : '\0';

    private static bool IsSpace(char character) => character is ' ' or '\t' or '\r' or '\n';

    private static bool IsNamePart(char character) => character == '_' || char.IsLetterOrDigit(character);
}
