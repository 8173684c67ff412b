using System.Globalization;
using System.Text;

namespace ClusterDns.Protocol.Presentation;

/// <summary>
/// <c>$GENERATE start-stop[/step] owner [TTL] [class] type rdata</c>, as BIND has it: each <c>$</c> becomes the number,
/// <c>${offset,width,base}</c> the number changed and formatted, <c>\$</c> a dollar sign.
/// </summary>
internal sealed class GenerateDirective
{
    /// <summary>The most records one directive may make.</summary>
    public const int MaxCount = 65_536;

    private const int MaxWidth = 255;

    private readonly TextToken[] _template;
    private readonly TextToken[] _current;
    private readonly long _stop;
    private readonly long _step;
    private long _next;

    private GenerateDirective(TextToken[] template, long start, long stop, long step)
    {
        _template = template;
        _current = new TextToken[template.Length];
        _next = start;
        _stop = stop;
        _step = step;
    }

    /// <summary>Reads the words behind <c>$GENERATE</c>, which stay good until the last record is made.</summary>
    public static bool TryParse(ReadOnlySpan<TextToken> tokens, out GenerateDirective? directive, out string error)
    {
        directive = null;
        if (tokens.Length < 3)
        {
            error = "found the end of the line, expected a range such as 1-10, an owner, a type and RDATA";
            return false;
        }

        if (!TryParseRange(tokens[0].Text, out var start, out var stop, out var step))
        {
            error = $"found {tokens[0]}, expected a range such as 1-10 or 0-254/2 of at most {MaxCount} numbers";
            return false;
        }

        directive = new GenerateDirective(tokens[1..].ToArray(), start, stop, step);
        error = "";
        return true;
    }

    /// <summary>Makes the next record's words. False with an empty error behind the last one.</summary>
    public bool TryNext(out ReadOnlySpan<TextToken> tokens, out string error)
    {
        tokens = _current;
        error = "";
        if (_next > _stop)
        {
            return false;
        }

        for (var index = 0; index < _template.Length; index++)
        {
            var token = _template[index];
            if (!token.Text.Contains('$'))
            {
                _current[index] = token;
                continue;
            }

            if (!TryExpand(token.Text, _next, out var text))
            {
                error = $"found {token}, expected '$' or '${{offset,width,base}}' with a base of d, o, x, X, n or N";
                return false;
            }

            _current[index] = new TextToken(text.AsMemory(), token.IsQuoted, token.Line);
        }

        _next += _step;
        return true;
    }

    private static bool TryParseRange(ReadOnlySpan<char> text, out long start, out long stop, out long step)
    {
        step = 1;
        stop = 0;
        start = 0;
        var dash = text.IndexOf('-');
        var slash = text.IndexOf('/');
        var end = slash < 0 ? text.Length : slash;
        return dash > 0 && dash < end
            && TryParseNumber(text[..dash], out start)
            && TryParseNumber(text[(dash + 1)..end], out stop)
            && (slash < 0 || (TryParseNumber(text[(slash + 1)..], out step) && step > 0))
            && start <= stop
            && ((stop - start) / step) < MaxCount;
    }

    private static bool TryParseNumber(ReadOnlySpan<char> text, out long number)
    {
        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value);
        number = value;
        return isNumber;
    }

    private static bool TryExpand(ReadOnlySpan<char> template, long number, out string expanded)
    {
        var text = new StringBuilder();
        expanded = "";
        for (var index = 0; index < template.Length; index++)
        {
            var character = template[index];
            var next = index + 1 < template.Length ? template[index + 1] : '\0';
            if (character == '\\' && next != '\0')
            {
                // '\$' stays escaped: a dollar sign that the name or string is read with.
                text.Append(character).Append(next);
                index++;
            }
            else if (character != '$')
            {
                text.Append(character);
            }
            else if (next == '$')
            {
                text.Append(@"\$");
                index++;
            }
            else if (next != '{')
            {
                text.Append(number);
            }
            else
            {
                var end = template[index..].IndexOf('}');
                if (end < 0 || !TryAppendFormatted(text, template.Slice(index + 2, end - 2), number))
                {
                    return false;
                }

                index += end;
            }
        }

        expanded = text.ToString();
        return true;
    }

    private static bool TryAppendFormatted(StringBuilder text, ReadOnlySpan<char> modifier, long number)
    {
        Span<Range> parts = stackalloc Range[4];
        var count = modifier.Split(parts, ',');
        long width = 0;
        if (count > 3
            || !int.TryParse(modifier[parts[0]], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var offset)
            || (count > 1 && (!TryParseNumber(modifier[parts[1]], out width) || width > MaxWidth))
            || (count > 2 && modifier[parts[2]].Length != 1))
        {
            return false;
        }

        number += offset;
        var format = count > 2 ? modifier[parts[2]][0] : 'd';
        switch (format)
        {
            case 'd':
                text.Append(number.ToString($"D{width}", CultureInfo.InvariantCulture));
                return true;
            case 'o' when number >= 0:
                text.Append(Convert.ToString(number, 8).PadLeft((int)width, '0'));
                return true;
            case 'x' or 'X' when number >= 0:
                text.Append(number.ToString($"{format}{width}", CultureInfo.InvariantCulture));
                return true;
            case 'n' or 'N' when number >= 0:
                AppendNibbles(text, number, (int)width, format == 'N');
                return true;
            default:
                return false;
        }
    }

    // Hexadecimal digits from the last to the first with dots between them, as reverse zones of IPv6 need; the width counts the dots.
    private static void AppendNibbles(StringBuilder text, long number, int width, bool isUpper)
    {
        var start = text.Length;
        do
        {
            if (text.Length > start)
            {
                text.Append('.');
            }

            var digit = "0123456789abcdef"[(int)(number & 0xf)];
            text.Append(isUpper ? char.ToUpperInvariant(digit) : digit);
            number >>= 4;
        }
        while (number > 0 || text.Length - start + 1 < width);
    }
}
