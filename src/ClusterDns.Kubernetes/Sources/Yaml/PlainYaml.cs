using System.Buffers;
using System.Runtime.InteropServices;

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
    private readonly YamlTexts _texts;
    private readonly List<YamlTree> _children;
    private int _position;
    private int _line;
    private int _lineStart;
    private int _depth;

    private PlainYaml(ReadOnlySpan<char> text, int line, YamlTexts texts, List<YamlTree> children)
    {
        _text = text;
        _line = line;
        _texts = texts;
        _children = children;
    }

    /// <summary>The column of what comes next, behind <see cref="SkipToContent"/>; -1 at the end.</summary>
    private readonly int Column => _position < _text.Length ? _position - _lineStart : -1;

    /// <summary>False where the document is to be read by the library.</summary>
    /// <param name="line">Number of the first line.</param>
    /// <param name="scratch">Room to use; empty before and after.</param>
    /// <param name="root">Null where there is nothing but comments.</param>
    public static bool TryRead(
        ReadOnlySpan<char> text, int line, YamlTexts texts, List<YamlTree> scratch, out YamlTree? root)
    {
        root = null;
        scratch.Clear();
        if (text.ContainsAnyExcept(Usual) || text.StartsWith("---"))
        {
            return false;
        }

        PlainYaml reader = new(text, line, texts, scratch);
        reader.SkipToContent();
        if (reader.Column < 0)
        {
            return true;
        }

        root = reader.ReadBlock();
        scratch.Clear();
        return root is not null && reader.Column < 0;
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
    private YamlTree? ReadBlock()
    {
        if (++_depth > Deepest)
        {
            return null;
        }

        int column = Column;
        YamlTree? tree = IsDash ? ReadSequence(column)
            : IsKeyAhead() ? ReadMapping(column)
            : ReadLine(column - 1);
        _depth--;
        return tree;
    }

    private YamlTree? ReadSequence(int column)
    {
        int line = _line;
        int first = _children.Count;
        while (Column == column && IsDash)
        {
            _position++;
            if (IsAtLineEnd())
            {
                int item = _line;
                SkipToContent();
                if (!TryAdd(Column > column ? ReadBlock() : YamlTree.Scalar("", true, item)))
                {
                    return null;
                }
            }
            else if (!TryAdd(ReadBlock()))
            {
                return null;
            }
        }

        return Column > column ? null : YamlTree.Sequence(Take(first), line);
    }

    private YamlTree? ReadMapping(int column)
    {
        int line = _line;
        int first = _children.Count;
        while (Column == column)
        {
            if (ReadKey() is not { } key || IsKnown(first, key) || !TryAdd(key))
            {
                return null;
            }

            YamlTree? value;
            if (!IsAtLineEnd())
            {
                value = IsDash ? null : ReadLine(column);
            }
            else
            {
                SkipToContent();
                value = Column > column || (Column == column && IsDash)
                    ? ReadBlockValue(column)
                    : YamlTree.Scalar("", true, key.Line);
            }

            if (!TryAdd(value))
            {
                return null;
            }

            if (Column == column && IsDash)
            {
                // Behind a sequence that stands at its key's column, another one may not follow.
                return null;
            }
        }

        return Column > column ? null : YamlTree.Mapping(Take(first), line);
    }

    // A sequence may stand at the column of its key.
    private YamlTree? ReadBlockValue(int column)
    {
        if (Column > column)
        {
            return ReadBlock();
        }

        if (++_depth > Deepest)
        {
            return null;
        }

        YamlTree? tree = ReadSequence(column);
        _depth--;
        return tree;
    }

    /// <summary>A scalar or a flow collection, behind which the line must end.</summary>
    /// <param name="parent">Column that every further line of a flow collection stands right of.</param>
    private YamlTree? ReadLine(int parent)
    {
        YamlTree? tree = _text[_position] switch
        {
            '{' or '[' => ReadFlow(parent),
            '\'' or '"' => ReadQuoted(),
            _ => ReadPlain(),
        };
        if (tree is null || !IsAtLineEnd())
        {
            return null;
        }

        SkipToContent();
        return tree;
    }

    /// <summary>True where the line begins with a scalar and a colon behind it.</summary>
    private bool IsKeyAhead()
    {
        (int position, int start) = (_position, _lineStart);
        YamlTree? key = _text[_position] is '{' or '[' ? null : ReadKey();
        (_position, _lineStart) = (position, start);
        return key is not null;
    }

    private YamlTree? ReadKey()
    {
        YamlTree? key;
        if (_text[_position] is '\'' or '"')
        {
            key = ReadQuoted();
        }
        else
        {
            ReadOnlySpan<char> rest = _text[_position..];
            int end = rest.IndexOf('\n');
            rest = end < 0 ? rest : rest[..end];
            int colon = ColonOf(rest);
            int comment = rest.IndexOf(" #", StringComparison.Ordinal);
            if (colon <= 0 || (comment >= 0 && comment < colon) || !MayBegin(rest))
            {
                return null;
            }

            rest = rest[..colon].TrimEnd(' ');
            key = YamlTree.Scalar(_texts.Get(rest), true, _line);
            _position += colon;
        }

        if (key is not { Text.Length: <= LongestKey }
            || _position >= _text.Length || _text[_position] != ':' || !IsBlank(_position + 1))
        {
            return null;
        }

        _position++;
        return key;
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

    private YamlTree? ReadPlain()
    {
        ReadOnlySpan<char> rest = _text[_position..];
        int end = rest.IndexOf('\n');
        rest = end < 0 ? rest : rest[..end];
        int comment = rest.IndexOf(" #", StringComparison.Ordinal);
        rest = (comment < 0 ? rest : rest[..comment]).TrimEnd(' ');
        if (rest.IsEmpty || !MayBegin(rest) || ColonOf(rest) >= 0)
        {
            return null;
        }

        _position += rest.Length;
        return YamlTree.Scalar(_texts.Get(rest), true, _line);
    }

    private YamlTree? ReadQuoted()
    {
        char quote = _text[_position];
        ReadOnlySpan<char> rest = _text[(_position + 1)..];
        int end = rest.IndexOfAny(quote, '\n', '\\');
        if (end < 0 || rest[end] != quote || (end + 1 < rest.Length && rest[end + 1] == quote))
        {
            // Escapes and quoted lines are rare.
            return null;
        }

        _position += end + 2;
        return YamlTree.Scalar(_texts.Get(rest[..end]), false, _line);
    }

    private YamlTree? ReadFlow(int parent)
    {
        if (++_depth > Deepest)
        {
            return null;
        }

        bool isMapping = _text[_position] == '{';
        char close = isMapping ? '}' : ']';
        int line = _line;
        int first = _children.Count;
        _position++;
        if (!SkipFlowSpace(parent))
        {
            return null;
        }

        while (first == _children.Count ? _text[_position] != close : _text[_position] == ',')
        {
            if (first < _children.Count)
            {
                _position++;
                if (!SkipFlowSpace(parent))
                {
                    return null;
                }
            }

            if ((isMapping && !TryReadFlowKey(first, parent))
                || !TryAdd(ReadFlowValue(parent)) || !SkipFlowSpace(parent))
            {
                return null;
            }
        }

        if (_text[_position] != close)
        {
            return null;
        }

        _position++;
        _depth--;
        return isMapping ? YamlTree.Mapping(Take(first), line) : YamlTree.Sequence(Take(first), line);
    }

    private bool TryReadFlowKey(int first, int parent)
    {
        YamlTree? key = _text[_position] is '"' or '\'' ? ReadQuoted() : ReadFlowPlain();
        if (key is not { Text.Length: <= LongestKey } || IsKnown(first, key)
            || _position >= _text.Length || _text[_position] != ':' || !IsBlank(_position + 1))
        {
            return false;
        }

        _position++;
        return TryAdd(key) && SkipFlowSpace(parent);
    }

    private YamlTree? ReadFlowValue(int parent) => _text[_position] switch
    {
        '{' or '[' => ReadFlow(parent),
        '"' or '\'' => ReadQuoted(),
        _ => ReadFlowPlain(),
    };

    private YamlTree? ReadFlowPlain()
    {
        ReadOnlySpan<char> rest = _text[_position..];
        int end = 0;
        while (true)
        {
            int found = rest[end..].IndexOfAny(FlowEnds);
            if (found < 0)
            {
                return null;
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
                return null;
            }

            break;
        }

        rest = rest[..end].TrimEnd(' ');
        if (rest.IsEmpty || !MayBegin(rest) || rest[0] == '-')
        {
            return null;
        }

        _position += rest.Length;
        return YamlTree.Scalar(_texts.Get(rest), true, _line);
    }

    /// <summary>False where the text ends, or a further line stands too far left.</summary>
    private bool SkipFlowSpace(int parent)
    {
        int line = _line;
        SkipToContent();
        return Column >= 0 && (_line == line || Column > parent);
    }

    /// <summary>
    /// True where a mapping that began at <paramref name="first"/> has the key already, or too many to look through.
    /// </summary>
    private readonly bool IsKnown(int first, YamlTree key)
    {
        for (int index = first; index < _children.Count; index += 2)
        {
            if (_children[index].Text == key.Text)
            {
                return true;
            }
        }

        return _children.Count - first > 2 * MostKeys;
    }

    private readonly bool TryAdd(YamlTree? child)
    {
        if (child is null)
        {
            return false;
        }

        _children.Add(child);
        return true;
    }

    private readonly YamlTree[] Take(int first)
    {
        YamlTree[] children = CollectionsMarshal.AsSpan(_children)[first..].ToArray();
        _children.RemoveRange(first, _children.Count - first);
        return children;
    }
}
