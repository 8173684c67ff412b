using System.Globalization;

namespace ClusterDns.Core.Expressions.Functions;

/// <summary>Functions of numbers.</summary>
internal static class NumberFunctions
{
    private const ValueKinds Number = ValueKinds.Number;

    public static IEnumerable<ExpressionFunction> All { get; } =
    [
        new("abs", [Number], 1, Number, Absolute),
        new("ceil", [Number], 1, ValueKinds.Float, static (ref run, arguments) => Value.From(Math.Ceiling(arguments[0].Evaluate(ref run).Number))),
        new("floor", [Number], 1, ValueKinds.Float, static (ref run, arguments) => Value.From(Math.Floor(arguments[0].Evaluate(ref run).Number))),
        new("round", [Number], 1, ValueKinds.Float, Round),
        new("int", [Number | ValueKinds.Text], 1, ValueKinds.Int, ToInteger),
        new("float", [Number | ValueKinds.Text], 1, ValueKinds.Float, ToFloat),
        new("min", [Number | ValueKinds.Array], 1, Number, static (ref run, arguments) => Extreme(ref run, arguments, -1), RepeatsLast: true),
        new("max", [Number | ValueKinds.Array], 1, Number, static (ref run, arguments) => Extreme(ref run, arguments, 1), RepeatsLast: true),
    ];

    private static Value Absolute(ref ExpressionRun run, ExpressionNode[] arguments)
    {
        var value = arguments[0].Evaluate(ref run);
        return value.Kind is ValueKinds.Int && value.Integer != long.MinValue
            ? Value.From(Math.Abs(value.Integer))
            : Value.From(Math.Abs(value.Number));
    }

    private static Value Round(ref ExpressionRun run, ExpressionNode[] arguments) =>
        Value.From(Math.Round(arguments[0].Evaluate(ref run).Number, MidpointRounding.AwayFromZero));

    private static Value ToInteger(ref ExpressionRun run, ExpressionNode[] arguments)
    {
        var value = arguments[0].Evaluate(ref run);
        if (value.Kind is not ValueKinds.Text)
        {
            return Value.From(value.Integer);
        }

        return long.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? Value.From(number)
            : run.Fail();
    }

    private static Value ToFloat(ref ExpressionRun run, ExpressionNode[] arguments)
    {
        var value = arguments[0].Evaluate(ref run);
        if (value.Kind is not ValueKinds.Text)
        {
            return Value.From(value.Number);
        }

        return double.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? Value.From(number)
            : run.Fail();
    }

    // The smallest or largest of the arguments and of the elements of those that are arrays.
    private static Value Extreme(ref ExpressionRun run, ExpressionNode[] arguments, int sign)
    {
        var best = default(StoredValue);
        foreach (var argument in arguments)
        {
            var value = argument.Evaluate(ref run);
            if (value.Kind is not ValueKinds.Array)
            {
                Take(ref best, value, sign);
                continue;
            }

            foreach (var item in value.Items)
            {
                Take(ref best, item.Load(), sign);
            }
        }

        return (best.Kind & Number) != 0 ? best.Load() : run.Fail();
    }

    private static void Take(ref StoredValue best, scoped Value value, int sign)
    {
        if (best.Kind is ValueKinds.None || value.Number.CompareTo(best.Load().Number) * sign > 0)
        {
            best = value.Store();
        }
    }
}
