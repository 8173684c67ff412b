using System.Globalization;
using System.Text;

namespace ClusterDns.Plugins.Template.Language;

/// <summary>Values as Go prints them.</summary>
internal static class TemplatePrinter
{
    /// <summary>What an action writes.</summary>
    public static string Print(object? value) => value is null ? "<no value>" : Format(value);

    /// <summary>What <c>%v</c> makes of a value.</summary>
    public static string Format(object? value) => value switch
    {
        null => "<nil>",
        string text => text,
        bool truth => truth ? "true" : "false",
        long number => number.ToString(CultureInfo.InvariantCulture),
        double number => FormatNumber(number),
        IReadOnlyDictionary<string, string> map =>
            $"map[{string.Join(' ', map.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => $"{pair.Key}:{pair.Value}"))}]",
        object[] list => $"[{string.Join(' ', list.Select(Format))}]",
        _ => value.ToString() ?? "",
    };

    /// <summary>A string between double quotes with Go's escapes.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"", text.Length + 2);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append(@"\\"),
                '\a' => quoted.Append(@"\a"),
                '\b' => quoted.Append(@"\b"),
                '\f' => quoted.Append(@"\f"),
                '\n' => quoted.Append(@"\n"),
                '\r' => quoted.Append(@"\r"),
                '\t' => quoted.Append(@"\t"),
                '\v' => quoted.Append(@"\v"),
                < 0x20 or 0x7f => quoted.Append(CultureInfo.InvariantCulture, $@"\x{rune.Value:x2}"),
                _ => quoted.Append(rune.ToString()),
            };
        }

        return quoted.Append('"').ToString();
    }

    // The shortest form that reads back as the same number; an exponent from 21 digits on, as %v has it.
    private static string FormatNumber(double number)
    {
        var magnitude = Math.Abs(number);
        return magnitude is 0 or (>= 1e-4 and < 1e21)
            ? number.ToString("0.###################", CultureInfo.InvariantCulture)
            : number.ToString("0.###############e+00", CultureInfo.InvariantCulture);
    }
}
