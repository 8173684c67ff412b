using System.Runtime.InteropServices;

namespace ClusterDns.Protocol.Presentation;

/// <summary>
/// Cuts presentation form into entries and words: comments, quotes, escapes, and parentheses that let an entry continue on
/// the next line (RFC 1035 §5.1). Holds one entry at a time.
/// </summary>
/// <param name="reader">Octets as characters (Latin 1); the caller disposes of it.</param>
internal sealed class EntryLexer(TextReader reader)
{
    /// <summary>Characters of the longest entry: the largest RDATA has 262140, each octet written as <c>\DDD</c>.</summary>
    public const int MaxEntryLength = 1 << 20;

    private const int EndOfText = -1;

    private readonly char[] _chunk = new char[4096];
    private readonly List<(int Start, int Length, bool IsQuoted, int Line)> _words = [];
    private readonly List<TextToken> _tokens = [];
    private char[] _text = new char[256];
    private int _textLength;
    private int _chunkLength;
    private int _chunkNext;
    private int _line = 1;
    private int _depth;
    private int _openedAt;

    /// <summary>The words of the entry; good until the next one is read.</summary>
    public ReadOnlySpan<TextToken> Tokens => CollectionsMarshal.AsSpan(_tokens);

    /// <summary>The entry starts with blank space: it has the owner of the entry before it.</summary>
    public bool StartsBlank { get; private set; }

    /// <summary>The line the entry starts in; where reading failed, the line of the error.</summary>
    public int Line { get; private set; }

    /// <summary>Goes to the next entry that has words. False at the end, with an empty <paramref name="error"/>, and at an error.</summary>
    public bool TryReadEntry(out string error)
    {
        error = "";
        do
        {
            Start();
            if (!TryReadLine(out error))
            {
                return false;
            }

            if (_words.Count > 0)
            {
                Finish();
                return true;
            }
        }
        while (Peek() != EndOfText);

        return false;
    }

    private void Start()
    {
        _words.Clear();
        _textLength = 0;
        _depth = 0;
        Line = _line;
        StartsBlank = Peek() is ' ' or '\t';
    }

    private void Finish()
    {
        _tokens.Clear();
        foreach (var (start, length, isQuoted, line) in _words)
        {
            _tokens.Add(new TextToken(_text.AsMemory(start, length), isQuoted, line));
        }

        Line = _words[0].Line;
    }

    // Up to the line's end, or the end of the line that closes the last parenthesis.
    private bool TryReadLine(out string error)
    {
        error = "";
        while (true)
        {
            var character = Read();
            switch (character)
            {
                case EndOfText when _depth > 0:
                    return Fail(_openedAt, "the end of the text", "a ')' for the '(' of this line", out error);
                case EndOfText or '\n' when _depth == 0:
                    return true;
                case '\n' or '\r' or ' ' or '\t':
                    break;
                case ';':
                    SkipComment();
                    break;
                case '(':
                    _openedAt = _depth++ == 0 ? _line : _openedAt;
                    break;
                case ')' when _depth == 0:
                    return Fail(_line, "')'", "a '(' before it", out error);
                case ')':
                    _depth--;
                    break;
                default:
                    if (!(character == '"' ? TryReadQuoted(out error) : TryReadWord((char)character, out error)))
                    {
                        return false;
                    }

                    break;
            }
        }
    }

    private bool TryReadQuoted(out string error)
    {
        var start = _textLength;
        var line = _line;
        if (!TryReadQuotedText(line, out error))
        {
            return false;
        }

        _words.Add((start, _textLength - start, true, line));
        return true;
    }

    // Up to the closing quote, which is not kept; an escape stays as it is written.
    private bool TryReadQuotedText(int line, out string error)
    {
        while (true)
        {
            var character = Read();
            if (character == '"')
            {
                error = "";
                return true;
            }

            if (character == EndOfText)
            {
                return Fail(line, "the end of the text", "a '\"' for the one of this line", out error);
            }

            if (!TryKeep((char)character, out error) || (character == '\\' && !TryKeepEscaped(out error)))
            {
                return false;
            }
        }
    }

    private bool TryReadWord(char first, out string error)
    {
        var start = _textLength;
        var line = _line;
        if (!TryKeep(first, out error) || (first == '\\' && !TryKeepEscaped(out error)))
        {
            return false;
        }

        while (!IsEndOfWord(Peek()))
        {
            var character = (char)Read();
            if (!TryKeep(character, out error) || (character == '\\' && !TryKeepEscaped(out error)))
            {
                return false;
            }

            // key="a value in quotes" is one word (RFC 9460 §2.1).
            if (character == '=' && Peek() == '"')
            {
                _ = Read();
                if (!TryReadQuotedText(line, out error))
                {
                    return false;
                }
            }
        }

        _words.Add((start, _textLength - start, false, line));
        return true;
    }

    private bool TryKeepEscaped(out string error)
    {
        var character = Read();
        return character == EndOfText
            ? Fail(_line, "the end of the text", "a character behind '\\'", out error)
            : TryKeep((char)character, out error);
    }

    private bool TryKeep(char character, out string error)
    {
        error = "";
        if (_textLength == MaxEntryLength)
        {
            return Fail(Line, $"an entry of more than {MaxEntryLength} characters", "less", out error);
        }

        if (_textLength == _text.Length)
        {
            Array.Resize(ref _text, _text.Length * 2);
        }

        _text[_textLength++] = character;
        return true;
    }

    private static bool IsEndOfWord(int character) => character is EndOfText or ' ' or '\t' or '\r' or '\n' or ';' or '(' or ')' or '"';

    private void SkipComment()
    {
        while (Peek() is not (EndOfText or '\n'))
        {
            _ = Read();
        }
    }

    private int Peek()
    {
        if (_chunkNext == _chunkLength)
        {
            _chunkLength = reader.Read(_chunk);
            _chunkNext = 0;
        }

        return _chunkLength == 0 ? EndOfText : _chunk[_chunkNext];
    }

    private int Read()
    {
        var character = Peek();
        if (character != EndOfText)
        {
            _chunkNext++;
            _line += character == '\n' ? 1 : 0;
        }

        return character;
    }

    private bool Fail(int line, string found, string expected, out string error)
    {
        Line = line;
        error = $"found {found}, expected {expected}";
        return false;
    }
}
