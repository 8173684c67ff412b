using System.Globalization;

namespace ClusterDns.Core.Expressions.Functions;

/// <summary>Functions of strings.</summary>
internal static class TextFunctions
{
    private const ValueKinds Text = ValueKinds.Text;

    public static IEnumerable<ExpressionFunction> All { get; } =
    [
        new("lower", [Text], 1, Text, static (ref run, arguments) => Convert(ref run, arguments, upper: false)),
        new("upper", [Text], 1, Text, static (ref run, arguments) => Convert(ref run, arguments, upper: true)),
        new("trim", [Text, Text], 1, Text, Trim),
        new("trimPrefix", [Text, Text], 2, Text, static (ref run, arguments) => TrimEnd(ref run, arguments, atStart: true)),
        new("trimSuffix", [Text, Text], 2, Text, static (ref run, arguments) => TrimEnd(ref run, arguments, atStart: false)),
        new("hasPrefix", [Text, Text], 2, ValueKinds.Bool, HasPrefix),
        new("hasSuffix", [Text, Text], 2, ValueKinds.Bool, HasSuffix),
        new("indexOf", [Text, Text], 2, ValueKinds.Int, IndexOf),
        new("lastIndexOf", [Text, Text], 2, ValueKinds.Int, LastIndexOf),
        new("replace", [Text, Text, Text], 3, Text, Replace),
        new("split", [Text, Text], 2, ValueKinds.Array, Split),
        new("string", [ValueKinds.Any], 1, Text, ToText),
    ];

    private static Value Convert(ref ExpressionRun run, ExpressionNode[] arguments, bool upper)
    {
        var text = arguments[0].Evaluate(ref run).Text;
        var converted = run.Reserve(text.Length);
        _ = upper ? text.ToUpperInvariant(converted) : text.ToLowerInvariant(converted);
        return Value.From(converted);
    }

    private static Value Trim(ref ExpressionRun run, ExpressionNode[] arguments)
    {
        var text = arguments[0].Evaluate(ref run).Text;
        return Value.From(arguments.Length == 1 ? text.Trim() : text.Trim(arguments[1].Evaluate(ref run).Text));
    }

    private static Value TrimEnd(ref ExpressionRun run, ExpressionNode[] arguments, bool atStart)
    {
        var text = arguments[0].Evaluate(ref run).Text;
        var part = arguments[1].Evaluate(ref run).Text;
        if (atStart)
        {
            return Value.From(text.StartsWith(part, StringComparison.Ordinal) ? text[part.Length..] : text);
        }

        return Value.From(text.EndsWith(part, StringComparison.Ordinal) ? text[..^part.Length] : text);
    }

    private static Value HasPrefix(ref ExpressionRun run, ExpressionNode[] arguments)
    {
        var text = arguments[0].Evaluate(ref run).Text;
        return Value.From(text.StartsWith(arguments[1].Evaluate(ref run).Text, StringComparison.Ordinal));
    }

    private static Value HasSuffix(ref ExpressionRun run, ExpressionNode[] arguments)
    {
        var text = arguments[0].Evaluate(ref run).Text;
        return Value.From(text.EndsWith(arguments[1].Evaluate(ref run).Text, StringComparison.Ordinal));
    }

    private static Value IndexOf(ref ExpressionRun run, ExpressionNode[] arguments)
    {
        var text = arguments[0].Evaluate(ref run).Text;
        return Value.From((long)text.IndexOf(arguments[1].Evaluate(ref run).Text, StringComparison.Ordinal));
    }

    private static Value LastIndexOf(ref ExpressionRun run, ExpressionNode[] arguments)
    {
        var text = arguments[0].Evaluate(ref run).Text;
        return Value.From((long)text.LastIndexOf(arguments[1].Evaluate(ref run).Text, StringComparison.Ordinal));
    }

    private static Value Replace(ref ExpressionRun run, ExpressionNode[] arguments)
    {
        var text = arguments[0].Evaluate(ref run).Text.ToString();
        var old = arguments[1].Evaluate(ref run).Text.ToString();
        var replacement = arguments[2].Evaluate(ref run).Text.ToString();
        return old.Length == 0 ? run.Fail() : Value.From(text.Replace(old, replacement, StringComparison.Ordinal).AsSpan());
    }

    private static Value Split(ref ExpressionRun run, ExpressionNode[] arguments)
    {
        var text = arguments[0].Evaluate(ref run).Text.ToString();
        var separator = arguments[1].Evaluate(ref run).Text.ToString();
        var parts = separator.Length == 0
            ? text.Select(static character => character.ToString(CultureInfo.InvariantCulture)).ToArray()
            : text.Split(separator);
        return Value.From(Array.ConvertAll(parts, static part => new StoredValue(part)));
    }

    private static Value ToText(ref ExpressionRun run, ExpressionNode[] arguments)
    {
        var value = arguments[0].Evaluate(ref run);
        return value.Kind is Text ? value : Value.From(value.ToString().AsSpan());
    }
}
