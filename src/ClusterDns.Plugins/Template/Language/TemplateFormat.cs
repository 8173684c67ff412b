using System.Globalization;
using System.Text;

namespace ClusterDns.Plugins.Template.Language;

/// <summary><c>printf</c> with Go's verbs for strings, numbers and truth.</summary>
internal static class TemplateFormat
{
    private const int MaxWidth = 1000;

    public static string Format(string format, ReadOnlySpan<object?> arguments)
    {
        var output = new StringBuilder();
        var next = 0;
        for (var position = 0; position < format.Length;)
        {
            if (format[position] != '%')
            {
                output.Append(format[position++]);
                continue;
            }

            position++;
            var verb = FormatVerb.Read(format, ref position, arguments, ref next);
            if (verb.Letter == '%')
            {
                output.Append('%');
            }
            else if (verb.Letter == '\0')
            {
                output.Append("%!(NOVERB)");
            }
            else if (next >= arguments.Length)
            {
                output.Append("%!").Append(verb.Letter).Append("(MISSING)");
            }
            else
            {
                output.Append(Pad(One(verb, arguments[next++]), verb));
            }
        }

        return next < arguments.Length ? output.Append(Extra(arguments[next..])).ToString() : output.ToString();
    }

    private static string One(in FormatVerb verb, object? value) => (verb.Letter, value) switch
    {
        ('v', string text) when verb.IsSharp => TemplatePrinter.Quote(text),
        ('v', long number) when verb.IsPlus => Signed(number, verb, 10),
        ('v', _) => TemplatePrinter.Format(value),
        ('s', string text) => Cut(text, verb),
        ('s', object[] or IReadOnlyDictionary<string, string>) => TemplatePrinter.Format(value),
        ('q', string text) => TemplatePrinter.Quote(Cut(text, verb)),
        ('q', object[] list) => $"[{string.Join(' ', list.Select(static item => TemplatePrinter.Quote(TemplatePrinter.Format(item))))}]",
        ('q', long number) when Rune.IsValid((int)Math.Clamp(number, 0, int.MaxValue)) => $"'{new Rune((int)number)}'",
        ('t', bool) => TemplatePrinter.Format(value),
        ('T', _) => TypeName(value),
        ('d', long number) => Signed(number, verb, 10),
        ('b', long number) => Signed(number, verb, 2),
        ('o', long number) => Signed(number, verb, 8),
        ('x', long number) => Signed(number, verb, 16),
        ('X', long number) => Signed(number, verb, 16).ToUpperInvariant(),
        ('c', long number) when Rune.IsValid((int)Math.Clamp(number, 0, int.MaxValue)) => new Rune((int)number).ToString(),
        ('U', long number) => string.Create(CultureInfo.InvariantCulture, $"U+{number:X4}"),
        ('x', string text) => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text)),
        ('X', string text) => Convert.ToHexString(Encoding.UTF8.GetBytes(text)),
        ('f' or 'F', double number) => Sign(number, verb) + Math.Abs(number).ToString("F" + Digits(verb), CultureInfo.InvariantCulture),
        ('e', double number) => Sign(number, verb) + Math.Abs(number).ToString($"0.{new string('0', Digits(verb))}e+00", CultureInfo.InvariantCulture),
        ('g', double) => TemplatePrinter.Format(value),
        (_, null) => $"%!{verb.Letter}(<nil>)",
        _ => $"%!{verb.Letter}({TypeName(value)}={TemplatePrinter.Format(value)})",
    };

    private static string Signed(long number, in FormatVerb verb, int radix)
    {
        var magnitude = (UInt128)(number < 0 ? -(Int128)number : number);
        var digits = new StringBuilder();
        for (; magnitude > 0 || digits.Length == 0; magnitude /= (uint)radix)
        {
            digits.Insert(0, "0123456789abcdef"[(int)(magnitude % (uint)radix)]);
        }

        var prefix = verb.IsSharp ? radix switch { 16 => "0x", 8 => "0", 2 => "0b", _ => "" } : "";
        var sign = number < 0 ? "-" : verb.IsPlus ? "+" : verb.IsSpace ? " " : "";
        var least = verb.Precision ?? (verb.IsZero && !verb.IsMinus ? (verb.Width ?? 0) - sign.Length - prefix.Length : 0);
        return sign + prefix + digits.ToString().PadLeft(Math.Max(least, 0), '0');
    }

    private static string Sign(double number, in FormatVerb verb) => number < 0 ? "-" : verb.IsPlus ? "+" : verb.IsSpace ? " " : "";

    private static int Digits(in FormatVerb verb) => Math.Min(verb.Precision ?? 6, 50);

    private static string Cut(string text, in FormatVerb verb) => verb.Precision is { } most && text.Length > most ? text[..most] : text;

    private static string Pad(string text, in FormatVerb verb)
    {
        var width = Math.Min(verb.Width ?? 0, MaxWidth);
        return verb.IsMinus ? text.PadRight(width) : text.PadLeft(width, verb.IsZero ? '0' : ' ');
    }

    private static string TypeName(object? value) => value switch
    {
        null => "<nil>",
        string => "string",
        long => "int",
        double => "float64",
        bool => "bool",
        string[] => "[]string",
        IReadOnlyDictionary<string, string> => "map[string]string",
        _ => "struct",
    };

    private static string Extra(ReadOnlySpan<object?> arguments)
    {
        var parts = new string[arguments.Length];
        for (var index = 0; index < parts.Length; index++)
        {
            parts[index] = $"{TypeName(arguments[index])}={TemplatePrinter.Format(arguments[index])}";
        }

        return $"%!(EXTRA {string.Join(", ", parts)})";
    }
}
