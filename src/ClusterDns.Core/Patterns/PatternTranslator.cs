using System.Globalization;
using System.Text;

namespace ClusterDns.Core.Patterns;

/// <summary>
/// Reads an expression in RE2's syntax and writes the same one in .NET's. All groups become numbered ones, because .NET
/// counts named groups behind the others; what RE2 has not (look-around, references back) is refused.
/// </summary>
internal sealed class PatternTranslator(string text)
{
    private const int MaxDepth = 1000;
    private const int MaxRepeat = 1000;

    private readonly StringBuilder _output = new(text.Length + 16);
    private readonly List<string> _groupNames = [""];
    private readonly Stack<OpenGroup> _open = new();
    private int _position;
    private bool _multiLine;
    private bool _swapsGreed;

    // What a repetition would apply to: how often its inside already repeats; 0 where there is nothing to repeat.
    private int _atomRepeats;
    private int _groupRepeats = 1;

    /// <summary>Complete after <see cref="Translate"/>.</summary>
    public IReadOnlyList<string> GroupNames => _groupNames;

    /// <exception cref="PatternException">The expression is not one of RE2's.</exception>
    public string Translate()
    {
        while (_position < text.Length)
        {
            Step();
        }

        return _open.Count == 0 ? _output.ToString() : throw new PatternException("a ')' is missing");
    }

    private void Step()
    {
        var character = text[_position++];
        switch (character)
        {
            case '(':
                OpenParenthesis();
                break;
            case ')':
                CloseParenthesis();
                break;
            case '|':
                _output.Append('|');
                _atomRepeats = 0;
                break;
            case '*' or '+' or '?':
                Repeat(character.ToString(), 1, character);
                break;
            case '{' when TryReadCount(out var count, out var most):
                Repeat(count, most, character);
                break;
            case '[':
                var set = new CharacterSet();
                new ClassReader(text).Read(ref _position, set);
                AddAtom(set);
                break;
            case '\\':
                Escape();
                break;
            case '^':
                AddAtom(_multiLine ? "(?m:^)" : @"\A");
                break;
            case '$':
                AddAtom(_multiLine ? "(?m:$)" : @"\z");
                break;
            case '.':
                AddAtom(".");
                break;
            default:
                AddLiteral(character);
                break;
        }
    }

    private void Escape()
    {
        if (_position == text.Length)
        {
            throw new PatternException("it ends in a backslash");
        }

        var letter = text[_position];
        switch (letter)
        {
            case 'A' or 'z' or 'b' or 'B':
                _position++;
                AddAtom(@"\" + letter);
                return;
            case 'Q':
                _position++;
                Quote();
                return;
            case 'C':
                throw new PatternException(@"\C is not supported");
        }

        var set = new CharacterSet();
        if (new ClassReader(text).TryReadNamedClass(ref _position, set))
        {
            AddAtom(set);
            return;
        }

        AddLiteral(new ClassReader(text).ReadEscapedCharacter(ref _position));
    }

    private void Quote()
    {
        var end = text.IndexOf(@"\E", _position, StringComparison.Ordinal);
        var stop = end < 0 ? text.Length : end;
        for (; _position < stop; _position++)
        {
            AddLiteral(text[_position]);
        }

        _position = end < 0 ? stop : stop + 2;
    }

    private void OpenParenthesis()
    {
        if (_open.Count == MaxDepth)
        {
            throw new PatternException("its parentheses are nested too deeply");
        }

        if (_position >= text.Length || text[_position] != '?')
        {
            Open("(");
            _groupNames.Add("");
            return;
        }

        var rest = text.AsSpan(_position);
        if (rest.StartsWith("?P<") || (rest.StartsWith("?<") && !rest.StartsWith("?<=") && !rest.StartsWith("?<!")))
        {
            OpenNamed(rest.IndexOf('<') + 1);
            return;
        }

        OpenFlags();
    }

    private void OpenNamed(int nameStart)
    {
        var rest = text.AsSpan(_position);
        var end = rest.IndexOf('>');
        var name = end < 0 ? "" : rest[nameStart..end].ToString();
        if (name.Length == 0 || name.Any(static character => character != '_' && !char.IsAsciiLetterOrDigit(character)))
        {
            throw new PatternException("a group's name must be letters, digits and '_' between '<' and '>'");
        }

        if (_groupNames.Contains(name))
        {
            throw new PatternException($"two groups have the name '{name}'");
        }

        _position += end + 1;
        Open("(");
        _groupNames.Add(name);
    }

    // (?flags) sets them for the rest of the group around it, (?flags:…) for a group of its own.
    private void OpenFlags()
    {
        var start = _position++;
        var multiLine = _multiLine;
        var swapsGreed = _swapsGreed;
        var on = true;
        var passed = new StringBuilder();
        for (; _position < text.Length; _position++)
        {
            switch (text[_position])
            {
                case 'i' or 's':
                    passed.Append(on ? "" : "-").Append(text[_position]);
                    continue;
                case 'm':
                    multiLine = on;
                    continue;
                case 'U':
                    swapsGreed = on;
                    continue;
                case '-' when on:
                    on = false;
                    continue;
                case ')' when _position > start + 1:
                    _position++;
                    (_multiLine, _swapsGreed) = (multiLine, swapsGreed);
                    _output.Append(passed.Length > 0 ? $"(?{passed})" : "");
                    _atomRepeats = 0;
                    return;
                case ':':
                    _position++;
                    Open($"(?{passed}:");
                    (_multiLine, _swapsGreed) = (multiLine, swapsGreed);
                    return;
            }

            break;
        }

        throw new PatternException($"'({text.AsSpan(start, Math.Min(3, text.Length - start))}' is not supported");
    }

    private void Open(string written)
    {
        _open.Push(new OpenGroup(_multiLine, _swapsGreed, _groupRepeats));
        _output.Append(written);
        _groupRepeats = 1;
        _atomRepeats = 0;
    }

    private void CloseParenthesis()
    {
        if (!_open.TryPop(out var group))
        {
            throw new PatternException("a ')' has no '(' before it");
        }

        _output.Append(')');
        (_multiLine, _swapsGreed) = (group.MultiLine, group.SwapsGreed);
        _atomRepeats = _groupRepeats;
        _groupRepeats = Math.Max(_groupRepeats, group.Repeats);
    }

    private void Repeat(string written, int most, char sign)
    {
        if (_atomRepeats == 0)
        {
            throw new PatternException($"there is nothing for '{sign}' to repeat");
        }

        var repeats = _atomRepeats * Math.Max(most, 1);
        if (repeats > MaxRepeat)
        {
            throw new PatternException(string.Create(CultureInfo.InvariantCulture, $"it repeats something more than {MaxRepeat} times"));
        }

        var lazy = _position < text.Length && text[_position] == '?';
        _position += lazy ? 1 : 0;
        _output.Append(written).Append(lazy != _swapsGreed ? "?" : "");
        _groupRepeats = Math.Max(_groupRepeats, repeats);

        // RE2 refuses a repetition of a repetition without parentheses.
        _atomRepeats = 0;
    }

    // "{n}", "{n,}" or "{n,m}" behind the brace; anything else is text.
    private bool TryReadCount(out string written, out int most)
    {
        written = "";
        most = 0;
        var end = text.IndexOf('}', _position);
        if (end < 0)
        {
            return false;
        }

        var inside = text.AsSpan(_position, end - _position);
        var comma = inside.IndexOf(',');
        var first = comma < 0 ? inside : inside[..comma];
        var second = comma < 0 ? default : inside[(comma + 1)..];
        if (!IsCount(first) || (!second.IsEmpty && !IsCount(second)))
        {
            return false;
        }

        var least = CountOf(first);
        most = second.IsEmpty ? least : CountOf(second);
        if (most < least)
        {
            throw new PatternException($"'{{{inside}}}' is not a count");
        }

        written = $"{{{inside}}}";
        _position = end + 1;
        return true;
    }

    private static bool IsCount(ReadOnlySpan<char> digits) =>
        !digits.IsEmpty && !digits.ContainsAnyExceptInRange('0', '9') && (digits.Length == 1 || digits[0] != '0');

    private static int CountOf(ReadOnlySpan<char> digits) =>
        digits.Length <= 4 && int.Parse(digits, CultureInfo.InvariantCulture) is var count and <= MaxRepeat
            ? count
            : throw new PatternException(string.Create(CultureInfo.InvariantCulture, $"it repeats something more than {MaxRepeat} times"));

    private void AddAtom(string written)
    {
        _output.Append(written);
        _atomRepeats = 1;
    }

    private void AddAtom(CharacterSet set)
    {
        set.AppendTo(_output);
        _atomRepeats = 1;
    }

    private void AddLiteral(int codePoint)
    {
        if (codePoint <= char.MaxValue)
        {
            CharacterSet.AppendUnit(_output, codePoint);
        }
        else
        {
            // Two UTF-16 units, which a repetition must take together.
            var units = char.ConvertFromUtf32(codePoint);
            _output.Append("(?:");
            CharacterSet.AppendUnit(_output, units[0]);
            CharacterSet.AppendUnit(_output, units[1]);
            _output.Append(')');
        }

        _atomRepeats = 1;
    }

    private readonly record struct OpenGroup(bool MultiLine, bool SwapsGreed, int Repeats);
}
