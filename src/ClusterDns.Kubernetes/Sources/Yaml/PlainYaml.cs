using System.Buffers;

namespace ClusterDns.Kubernetes.Sources.Yaml;

/// <summary>
/// Reads the YAML that manifests are written in: block and flow collections, scalars on one line, comments, ASCII. It
/// gives up on whatever else there is and on every mistake, and YamlDotNet then reads the document: a folder of
/// thousands of Services is read in a tenth of the time, and everything else means what the library says it means.
/// </summary>
internal ref struct PlainYaml
{
    private const int Deepest = 64;
    private const int LongestKey = 1000; // YAML allows 1,024 for a key without '?'
    private const int MostKeys = 2048; // each is compared with all before it

    private static readonly SearchValues<char> Usual =
        SearchValues.Create([.. Enumerable.Range(' ', 0x7f - ' ').Select(static code => (char)code), '\n']);

    // What no scalar may begin with, or what begins something that is left to the library.
    private static readonly SearchValues<char> Indicators = SearchValues.Create("?:,[]{}#&*!|>'\"%@`");

    private static readonly SearchValues<char> FlowEnds = SearchValues.Create(",[]{}?:#\n");

    private readonly ReadOnlySpan<char> _text;
    private readonly YamlTree _tree;
    private int _position;
    private int _line;
    private int _lineStart;
    private int _depth;

    private PlainYaml(ReadOnlySpan<char> text, int line, YamlTree tree)
    {
        _text = text;
        _line = line;
        _tree = tree;
    }

    /// <summary>The column of what comes next, behind <see cref="SkipToContent"/>; -1 at the end.</summary>
    private readonly int Column => _position < _text.Length ? _position - _lineStart : -1;

    /// <summary>False where the document is to be read by the library.</summary>
    /// <param name="room">What the document is a part of; the tree refers to it.</param>
    /// <param name="line">Number of the first line.</param>
    /// <param name="tree">Becomes the document; stays empty where there is nothing but comments, or false is returned.</param>
    public static bool TryRead(char[] room, int start, int length, int line, YamlTree tree)
    {
        ReadOnlySpan<char> text = room.AsSpan(start, length);
        tree.Begin(room, start);
        if (text.ContainsAnyExcept(Usual) || text.StartsWith("---"))
        {
            return false;
        }

        PlainYaml reader = new(text, line, tree);
        reader.SkipToContent();
        if (reader.Column < 0 || (reader.ReadBlock() && reader.Column < 0))
        {
            return true;
        }

        tree.Begin([], 0);
        return false;
    }

    /// <summary>Goes behind spaces, comments and line ends.</summary>
    private void SkipToContent()
    {
        while (_position < _text.Length)
        {
            switch (_text[_position])
            {
                case ' ':
                    _position++;
                    break;
                case '\n':
                    _lineStart = ++_position;
                    _line++;
                    break;
                case '#' when _position == _lineStart || _text[_position - 1] == ' ':
                    SkipComment();
                    break;
                default:
                    return;
            }
        }
    }

    private void SkipComment()
    {
        int end = _text[_position..].IndexOf('\n');
        _position = end < 0 ? _text.Length : _position + end;
    }

    private void SkipSpaces()
    {
        while (_position < _text.Length && _text[_position] == ' ')
        {
            _position++;
        }
    }

    /// <summary>True at the end of a line, spaces and a comment before it left out.</summary>
    private bool IsAtLineEnd()
    {
        SkipSpaces();
        return _position >= _text.Length || _text[_position] == '\n'
            || (_text[_position] == '#' && _text[_position - 1] == ' ');
    }

    /// <summary>The next character ends a word: a space or the end of the line or text.</summary>
    private readonly bool IsBlank(int position) => position >= _text.Length || _text[position] is ' ' or '\n';

    private readonly bool IsDash => _text[_position] == '-' && IsBlank(_position + 1);

    /// <summary>Reads what stands at the present column, and stops at the content behind it.</summary>
    private bool ReadBlock()
    {
        if (++_depth > Deepest)
        {
            return false;
        }

        int column = Column;
        bool isRead = IsDash ? ReadSequence(column)
            : IsKeyAhead(out Scalar key) ? ReadMapping(column, key)
            : ReadLine(column - 1);
        _depth--;
        return isRead;
    }

    private bool ReadSequence(int column)
    {
        int sequence = _tree.Open(YamlTreeKind.Sequence, _line);
        while (Column == column && IsDash)
        {
            _position++;
            if (!IsAtLineEnd())
            {
                if (!ReadBlock())
                {
                    return false;
                }

                continue;
            }

            int line = _line;
            SkipToContent();
            if (Column <= column)
            {
                _tree.AddScalar(0, 0, true, line);
            }
            else if (!ReadBlock())
            {
                return false;
            }
        }

        _tree.Close(sequence);
        return Column <= column;
    }

    /// <param name="key">The first one; what comes next stands behind its colon.</param>
    private bool ReadMapping(int column, Scalar key)
    {
        int mapping = _tree.Open(YamlTreeKind.Mapping, key.Line);
        for (int keys = 0; ; keys++)
        {
            if (IsKnown(mapping, keys, key))
            {
                return false;
            }

            Add(key);
            if (!ReadMember(column, key.Line))
            {
                return false;
            }

            if (Column != column)
            {
                break;
            }

            // Behind a sequence that stands at its key's column, another one may not follow.
            if (IsDash || !TryReadKey(out key))
            {
                return false;
            }
        }

        _tree.Close(mapping);
        return Column < column;
    }

    private bool ReadMember(int column, int line)
    {
        if (!IsAtLineEnd())
        {
            return !IsDash && ReadLine(column);
        }

        SkipToContent();
        if (Column > column || (Column == column && IsDash))
        {
            return ReadBlockValue(column);
        }

        _tree.AddScalar(0, 0, true, line);
        return true;
    }

    // A sequence may stand at the column of its key.
    private bool ReadBlockValue(int column)
    {
        if (Column > column)
        {
            return ReadBlock();
        }

        if (++_depth > Deepest)
        {
            return false;
        }

        bool isRead = ReadSequence(column);
        _depth--;
        return isRead;
    }

    /// <summary>A scalar or a flow collection, behind which the line must end.</summary>
    /// <param name="parent">Column that every further line of a flow collection stands right of.</param>
    private bool ReadLine(int parent)
    {
        bool isRead;
        if (_text[_position] is '{' or '[')
        {
            isRead = ReadFlow(parent);
        }
        else
        {
            isRead = _text[_position] is '\'' or '"' ? TryReadQuoted(out Scalar scalar) : TryReadPlain(out scalar);
            Add(scalar);
        }

        if (!isRead || !IsAtLineEnd())
        {
            return false;
        }

        SkipToContent();
        return true;
    }

    /// <summary>True where the line begins with a scalar and a colon behind it, and then goes behind that.</summary>
    private bool IsKeyAhead(out Scalar key)
    {
        int position = _position;
        key = default;
        if (_text[_position] is '{' or '[' || !TryReadKey(out key))
        {
            _position = position;
            return false;
        }

        return true;
    }

    private bool TryReadKey(out Scalar key)
    {
        if (_text[_position] is '\'' or '"')
        {
            if (!TryReadQuoted(out key))
            {
                return false;
            }
        }
        else
        {
            key = default;
            ReadOnlySpan<char> rest = _text[_position..];
            int end = rest.IndexOf('\n');
            rest = end < 0 ? rest : rest[..end];
            int colon = ColonOf(rest);
            if (colon <= 0 || !MayBegin(rest) || rest[..colon].Contains(" #", StringComparison.Ordinal))
            {
                return false;
            }

            key = new Scalar(_position, rest[..colon].TrimEnd(' ').Length, true, _line);
            _position += colon;
        }

        if (key.Length > LongestKey
            || _position >= _text.Length || _text[_position] != ':' || !IsBlank(_position + 1))
        {
            return false;
        }

        _position++;
        return true;
    }

    /// <summary>The first colon that ends a key: behind it is a space or nothing.</summary>
    private static int ColonOf(ReadOnlySpan<char> line)
    {
        for (int from = 0; line[from..].IndexOf(':') is >= 0 and var found; from += found + 1)
        {
            if (from + found + 1 == line.Length || line[from + found + 1] == ' ')
            {
                return from + found;
            }
        }

        return -1;
    }

    private static bool MayBegin(ReadOnlySpan<char> scalar) =>
        !Indicators.Contains(scalar[0]) && (scalar[0] != '-' || (scalar.Length > 1 && scalar[1] != ' '));

    private bool TryReadPlain(out Scalar scalar)
    {
        scalar = default;
        ReadOnlySpan<char> rest = _text[_position..];
        int end = rest.IndexOf('\n');
        rest = end < 0 ? rest : rest[..end];
        int comment = rest.IndexOf(" #", StringComparison.Ordinal);
        rest = (comment < 0 ? rest : rest[..comment]).TrimEnd(' ');
        if (rest.IsEmpty || !MayBegin(rest) || ColonOf(rest) >= 0)
        {
            return false;
        }

        scalar = new Scalar(_position, rest.Length, true, _line);
        _position += rest.Length;
        return true;
    }

    private bool TryReadQuoted(out Scalar scalar)
    {
        scalar = default;
        char quote = _text[_position];
        ReadOnlySpan<char> rest = _text[(_position + 1)..];
        int end = rest.IndexOfAny(quote, '\n', '\\');
        if (end < 0 || rest[end] != quote || (end + 1 < rest.Length && rest[end + 1] == quote))
        {
            // Escapes and quoted lines are rare.
            return false;
        }

        scalar = new Scalar(_position + 1, end, false, _line);
        _position += end + 2;
        return true;
    }

    private bool ReadFlow(int parent)
    {
        if (++_depth > Deepest)
        {
            return false;
        }

        bool isMapping = _text[_position] == '{';
        char close = isMapping ? '}' : ']';
        int flow = _tree.Open(isMapping ? YamlTreeKind.Mapping : YamlTreeKind.Sequence, _line);
        _position++;
        if (!SkipFlowSpace(parent))
        {
            return false;
        }

        for (int items = 0; items == 0 ? _text[_position] != close : _text[_position] == ','; items++)
        {
            if (items > 0)
            {
                _position++;
                if (!SkipFlowSpace(parent))
                {
                    return false;
                }
            }

            if ((isMapping && !TryReadFlowKey(flow, items, parent)) || !ReadFlowValue(parent) || !SkipFlowSpace(parent))
            {
                return false;
            }
        }

        if (_text[_position] != close)
        {
            return false;
        }

        _position++;
        _depth--;
        _tree.Close(flow);
        return true;
    }

    private bool TryReadFlowKey(int mapping, int keys, int parent)
    {
        bool isRead = _text[_position] is '"' or '\'' ? TryReadQuoted(out Scalar key) : TryReadFlowPlain(out key);
        if (!isRead || key.Length > LongestKey || IsKnown(mapping, keys, key)
            || _position >= _text.Length || _text[_position] != ':' || !IsBlank(_position + 1))
        {
            return false;
        }

        _position++;
        Add(key);
        return SkipFlowSpace(parent);
    }

    private bool ReadFlowValue(int parent)
    {
        if (_text[_position] is '{' or '[')
        {
            return ReadFlow(parent);
        }

        bool isRead = _text[_position] is '"' or '\'' ? TryReadQuoted(out Scalar scalar) : TryReadFlowPlain(out scalar);
        Add(scalar);
        return isRead;
    }

    private bool TryReadFlowPlain(out Scalar scalar)
    {
        scalar = default;
        ReadOnlySpan<char> rest = _text[_position..];
        int end = 0;
        while (true)
        {
            int found = rest[end..].IndexOfAny(FlowEnds);
            if (found < 0)
            {
                return false;
            }

            end += found;
            char stop = rest[end];
            bool isInside = stop == ':'
                ? end + 1 < rest.Length && !FlowEnds.Contains(rest[end + 1]) && rest[end + 1] != ' '
                : stop == '#' && end > 0 && rest[end - 1] != ' ';
            if (isInside)
            {
                end++;
                continue;
            }

            if (stop is '[' or '{' or '?' || (stop == ':' && !IsBlank(_position + end + 1)))
            {
                return false;
            }

            break;
        }

        rest = rest[..end].TrimEnd(' ');
        if (rest.IsEmpty || !MayBegin(rest) || rest[0] == '-')
        {
            return false;
        }

        scalar = new Scalar(_position, rest.Length, true, _line);
        _position += rest.Length;
        return true;
    }

    /// <summary>False where the text ends, or a further line stands too far left.</summary>
    private bool SkipFlowSpace(int parent)
    {
        int line = _line;
        SkipToContent();
        return Column >= 0 && (_line == line || Column > parent);
    }

    /// <summary>True where a mapping that is being read has the key already, or too many to look through.</summary>
    private readonly bool IsKnown(int mapping, int keys, Scalar key) =>
        keys > MostKeys || _tree.FindKey(mapping, _tree.Count, _text.Slice(key.Start, key.Length)) >= 0;

    private readonly void Add(Scalar scalar) => _tree.AddScalar(scalar.Start, scalar.Length, scalar.IsPlain, scalar.Line);

    private readonly record struct Scalar(int Start, int Length, bool IsPlain, int Line);
}
