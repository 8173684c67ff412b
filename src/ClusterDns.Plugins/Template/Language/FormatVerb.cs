namespace ClusterDns.Plugins.Template.Language;

/// <summary>One verb of a <c>printf</c> format with its flags, width and precision.</summary>
/// <param name="Letter">NUL where the format ends before it.</param>
internal readonly record struct FormatVerb(
    char Letter, bool IsPlus, bool IsMinus, bool IsSharp, bool IsSpace, bool IsZero, int? Width, int? Precision)
{
    private const int MaxCount = 1000;

    /// <summary>Reads from behind the percent sign; a <c>*</c> takes its number from the arguments.</summary>
    public static FormatVerb Read(string format, ref int position, ReadOnlySpan<object?> arguments, ref int next)
    {
        var flags = position;
        while (position < format.Length && format[position] is ('+' or '-' or '#' or ' ' or '0'))
        {
            position++;
        }

        var set = format.AsSpan(flags, position - flags);
        var width = ReadCount(format, ref position, arguments, ref next);
        int? precision = null;
        if (position < format.Length && format[position] == '.')
        {
            position++;
            precision = ReadCount(format, ref position, arguments, ref next) ?? 0;
        }

        var letter = position < format.Length ? format[position++] : '\0';
        return new FormatVerb(
            letter, set.Contains('+'), set.Contains('-') || width < 0, set.Contains('#'), set.Contains(' '), set.Contains('0'),
            width is { } signed ? Math.Abs(signed) : null, precision);
    }

    private static int? ReadCount(string format, ref int position, ReadOnlySpan<object?> arguments, ref int next)
    {
        if (position < format.Length && format[position] == '*')
        {
            position++;
            return next < arguments.Length && arguments[next++] is long value ? (int)Math.Clamp(value, -MaxCount, MaxCount) : null;
        }

        int? count = null;
        for (; position < format.Length && char.IsAsciiDigit(format[position]); position++)
        {
            count = Math.Min(((count ?? 0) * 10) + format[position] - '0', MaxCount);
        }

        return count;
    }
}
