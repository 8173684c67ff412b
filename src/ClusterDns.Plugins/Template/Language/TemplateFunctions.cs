using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace ClusterDns.Plugins.Template.Language;

/// <summary>The functions templates may call: Go's own, and <c>parseInt</c>.</summary>
internal static class TemplateFunctions
{
    public static FrozenDictionary<string, TemplateFunction> All { get; } = new Dictionary<string, TemplateFunction>
    {
        ["eq"] = new(2, int.MaxValue, TemplateComparison.EqualsAny),
        ["ne"] = new(2, 2, TemplateComparison.Differs),
        ["lt"] = new(2, 2, static (run, arguments) => TemplateComparison.Compare(run, arguments) < 0),
        ["le"] = new(2, 2, static (run, arguments) => TemplateComparison.Compare(run, arguments) <= 0),
        ["gt"] = new(2, 2, static (run, arguments) => TemplateComparison.Compare(run, arguments) > 0),
        ["ge"] = new(2, 2, static (run, arguments) => TemplateComparison.Compare(run, arguments) >= 0),
        ["not"] = new(1, 1, static (_, arguments) => !TemplateValues.IsTrue(arguments[0])),
        ["len"] = new(1, 1, Length),
        ["index"] = new(1, int.MaxValue, Index),
        ["slice"] = new(1, 4, Slice),
        ["print"] = new(0, int.MaxValue, static (_, arguments) => Print(arguments)),
        ["println"] = new(0, int.MaxValue, static (_, arguments) => JoinAll(arguments, " ") + "\n"),
        ["printf"] = new(1, int.MaxValue, Printf),
        ["html"] = new(1, int.MaxValue, static (_, arguments) => TemplateEscaping.Html(Print(arguments))),
        ["js"] = new(1, int.MaxValue, static (_, arguments) => TemplateEscaping.JavaScript(Print(arguments))),
        ["urlquery"] = new(1, int.MaxValue, static (_, arguments) => TemplateEscaping.Query(Print(arguments))),
        ["parseInt"] = new(3, 3, ParseInt),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static object? Length(TemplateRun run, ReadOnlySpan<object?> arguments) => arguments[0] switch
    {
        string text => (long)Encoding.UTF8.GetByteCount(text),
        object[] list => (long)list.Length,
        IReadOnlyDictionary<string, string> map => (long)map.Count,
        _ => run.Fail("len of type that has no length"),
    };

    private static object? Index(TemplateRun run, ReadOnlySpan<object?> arguments)
    {
        var value = arguments[0];
        foreach (var key in arguments[1..])
        {
            value = (value, key) switch
            {
                (object[] list, long index) when index >= 0 && index < list.Length => list[index],
                (object[], long index) => run.Fail($"index out of range: {index}"),
                (string text, long index) when index >= 0 && index < text.Length => (long)text[(int)index],
                (string, long index) => run.Fail($"index out of range: {index}"),
                (IReadOnlyDictionary<string, string> map, string name) => map.GetValueOrDefault(name, ""),
                _ => run.Fail($"cannot index {TemplatePrinter.Format(value)} with {TemplatePrinter.Format(key)}"),
            };
            if (run.Failed)
            {
                return null;
            }
        }

        return value;
    }

    private static object? Slice(TemplateRun run, ReadOnlySpan<object?> arguments)
    {
        var length = arguments[0] switch { string text => text.Length, object[] list => list.Length, _ => -1 };
        var from = arguments.Length > 1 ? arguments[1] : 0L;
        var to = arguments.Length > 2 ? arguments[2] : (long)length;
        if (from is not long first || to is not long end || first < 0 || end < first || end > length || arguments.Length > 3)
        {
            return run.Fail("slice out of range");
        }

        return arguments[0] is string whole
            ? whole[(int)first..(int)end]
            : ((object[])arguments[0]!)[(int)first..(int)end]; // A length was found, so it is a list.
    }

    private static object? Printf(TemplateRun run, ReadOnlySpan<object?> arguments) => arguments[0] is string format
        ? TemplateFormat.Format(format, arguments[1..])
        : run.Fail("wrong type for value; expected string");

    // Like strconv.ParseUint: no sign; base 0 goes by the prefix.
    private static object? ParseInt(TemplateRun run, ReadOnlySpan<object?> arguments)
    {
        if (arguments is not [string text, long radix and (0 or (>= 2 and <= 36)), long bits and >= 0 and <= 64])
        {
            return run.Fail("parseInt takes a string, a base and a number of bits");
        }

        ulong value;
        if (radix != 0)
        {
            if (!TemplateLiterals.TryParseDigits(text, (int)radix, out value))
            {
                return run.Fail($"parseInt: parsing {TemplatePrinter.Quote(text)}: invalid syntax or value out of range");
            }
        }
        else if (text is ['+' or '-', ..] || !TemplateLiterals.TryParseInteger(text, out var signed))
        {
            return run.Fail($"parseInt: parsing {TemplatePrinter.Quote(text)}: invalid syntax");
        }
        else
        {
            value = (ulong)signed;
        }

        return value > long.MaxValue || (bits is > 0 and < 64 && value >> (int)bits != 0)
            ? run.Fail(string.Create(CultureInfo.InvariantCulture, $"parseInt: parsing {TemplatePrinter.Quote(text)}: value out of range"))
            : (long)value;
    }

    // Go's Sprint: a space between two arguments unless one of them is a string.
    private static string Print(ReadOnlySpan<object?> arguments)
    {
        var text = new StringBuilder();
        for (var index = 0; index < arguments.Length; index++)
        {
            text.Append(index > 0 && arguments[index] is not string && arguments[index - 1] is not string ? " " : "")
                .Append(TemplatePrinter.Format(arguments[index]));
        }

        return text.ToString();
    }

    private static string JoinAll(ReadOnlySpan<object?> arguments, string separator)
    {
        var texts = new string[arguments.Length];
        for (var index = 0; index < arguments.Length; index++)
        {
            texts[index] = TemplatePrinter.Format(arguments[index]);
        }

        return string.Join(separator, texts);
    }
}
