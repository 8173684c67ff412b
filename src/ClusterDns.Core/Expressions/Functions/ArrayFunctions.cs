using System.Text;

namespace ClusterDns.Core.Expressions.Functions;

/// <summary>Functions of arrays, and the length of arrays and strings.</summary>
internal static class ArrayFunctions
{
    private const ValueKinds Items = ValueKinds.Array;

    public static IEnumerable<ExpressionFunction> All { get; } =
    [
        new("len", [Items | ValueKinds.Text], 1, ValueKinds.Int, Length),
        new("first", [Items], 1, ValueKinds.Any, static (ref run, arguments) => At(ref run, arguments, fromEnd: false)),
        new("last", [Items], 1, ValueKinds.Any, static (ref run, arguments) => At(ref run, arguments, fromEnd: true)),
        new("join", [Items, ValueKinds.Text], 1, ValueKinds.Text, Join),
        new("sum", [Items], 1, ValueKinds.Number, Sum),
    ];

    // Of a string: its code points.
    private static Value Length(ref ExpressionRun run, ExpressionNode[] arguments)
    {
        var value = arguments[0].Evaluate(ref run);
        if (value.Kind is Items)
        {
            return Value.From((long)value.Items.Length);
        }

        var count = 0L;
        foreach (var _ in value.Text.EnumerateRunes())
        {
            count++;
        }

        return value.Kind is ValueKinds.Text ? Value.From(count) : run.Fail();
    }

    private static Value At(ref ExpressionRun run, ExpressionNode[] arguments, bool fromEnd)
    {
        var items = arguments[0].Evaluate(ref run).Items;
        return items.Length == 0 ? Value.Nil : items[fromEnd ? ^1 : 0].Load();
    }

    private static Value Join(ref ExpressionRun run, ExpressionNode[] arguments)
    {
        var items = arguments[0].Evaluate(ref run).Items;
        var separator = arguments.Length > 1 ? arguments[1].Evaluate(ref run).Text : default;
        var text = new StringBuilder();
        for (var index = 0; index < items.Length; index++)
        {
            text.Append(index > 0 ? separator : default).Append(items[index].Load().Text);
        }

        return Value.From(text.ToString().AsSpan());
    }

    private static Value Sum(ref ExpressionRun run, ExpressionNode[] arguments)
    {
        var whole = 0L;
        var fraction = 0.0;
        var isWhole = true;
        foreach (var item in arguments[0].Evaluate(ref run).Items)
        {
            var value = item.Load();
            if ((value.Kind & ValueKinds.Number) == 0)
            {
                return run.Fail();
            }

            isWhole &= value.Kind is ValueKinds.Int;
            whole = unchecked(whole + value.Integer);
            fraction += value.Number;
        }

        return isWhole ? Value.From(whole) : Value.From(fraction);
    }
}
