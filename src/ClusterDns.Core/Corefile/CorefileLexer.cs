using System.Text;

namespace ClusterDns.Core.Corefile;

/// <summary>Cuts one file into words; single use.</summary>
internal sealed class CorefileLexer(string text, string file, Func<string, string?> environment)
{
    private readonly List<Token> _tokens = [];
    private readonly StringBuilder _word = new();
    private int _position = text.StartsWith('\uFEFF') ? 1 : 0;
    private int _line = 1;
    private bool _startsLine = true;

    public IReadOnlyList<Token> ReadAll()
    {
        while (_position < text.Length)
        {
            char c = text[_position];
            if (c == '\n')
            {
                _position++;
                _line++;
                _startsLine = true;
            }
            else if (char.IsWhiteSpace(c))
            {
                _position++;
            }
            else if (c == '#')
            {
                SkipUntil(static c => c == '\n');
            }
            else if (c == '"')
            {
                ReadQuoted();
            }
            else
            {
                ReadWord();
            }
        }

        return _tokens;
    }

    private void ReadWord()
    {
        for (; _position < text.Length; _position++)
        {
            char c = text[_position];
            if (c == '#')
            {
                // Glued to a word it hides only the rest of what looks like one word; the line goes on after it.
                SkipUntil(char.IsWhiteSpace);
                break;
            }

            // A carriage return vanishes wherever it stands, so it does not end a word.
            if (c != '\r' && char.IsWhiteSpace(c))
            {
                break;
            }

            if (c != '\r')
            {
                _word.Append(c);
            }
        }

        Add(_line, quoted: false);
    }

    private void ReadQuoted()
    {
        int firstLine = _line;
        _position++;
        for (; _position < text.Length; _position++)
        {
            char c = text[_position];
            char following = _position + 1 < text.Length ? text[_position + 1] : '\0';
            switch (c)
            {
                case '"':
                    _position++;
                    Add(firstLine, quoted: true);
                    return;
                case '\\' when following == '"':
                    _word.Append('"');
                    _position++;
                    break;
                case '\\' when following == '\\':
                    // Both stay, and the second one escapes nothing.
                    _word.Append(@"\\");
                    _position++;
                    break;
                case '\r' when following == '\n':
                    break;
                case '\n':
                    _line++;
                    _word.Append(c);
                    break;
                default:
                    _word.Append(c);
                    break;
            }
        }

        throw new CorefileException(file, firstLine, "a quote that is not closed", "'\"' before the end of the file");
    }

    private void SkipUntil(Func<char, bool> isEnd)
    {
        while (_position < text.Length && !isEnd(text[_position]))
        {
            _position++;
        }
    }

    private void Add(int line, bool quoted)
    {
        string word = _word.ToString();
        _word.Clear();
        string substituted = EnvironmentVariables.Substitute(word, environment);
        _tokens.Add(new Token
        {
            Text = substituted,
            File = file,
            Line = line,
            IsQuoted = quoted,
            IsSubstituted = !ReferenceEquals(word, substituted),
            StartsLine = _startsLine,
        });
        _startsLine = false;
    }
}
