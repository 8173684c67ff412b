namespace ClusterDns.Core.Expressions.Nodes;

/// <summary><c>+ - * / % **</c>; <c>+</c> joins strings too, <c>/</c> and <c>**</c> make fractions.</summary>
internal sealed class ArithmeticNode(ExpressionNode left, ExpressionNode right, char symbol) : ExpressionNode
{
    public override ValueKinds Kinds => symbol switch
    {
        '/' or '^' => ValueKinds.Float,
        '%' => ValueKinds.Int,
        '+' => (left.Kinds | right.Kinds) & (ValueKinds.Number | ValueKinds.Text),
        _ => (left.Kinds | right.Kinds) & ValueKinds.Number,
    };

    public override Value Evaluate(ref ExpressionRun run)
    {
        var first = left.Evaluate(ref run);
        var second = right.Evaluate(ref run);
        if (first.Kind is ValueKinds.Text && second.Kind is ValueKinds.Text && symbol == '+')
        {
            var joined = run.Reserve(first.Text.Length + second.Text.Length);
            first.Text.CopyTo(joined);
            second.Text.CopyTo(joined[first.Text.Length..]);
            return Value.From(joined);
        }

        if (((first.Kind | second.Kind) & ~ValueKinds.Number) != 0)
        {
            return run.Fail();
        }

        return first.Kind is ValueKinds.Int && second.Kind is ValueKinds.Int && symbol is not ('/' or '^')
            ? Whole(ref run, first.Integer, second.Integer)
            : Fraction(ref run, first.Number, second.Number);
    }

    private Value Whole(ref ExpressionRun run, long first, long second) => symbol switch
    {
        '+' => Value.From(unchecked(first + second)),
        '-' => Value.From(unchecked(first - second)),
        '*' => Value.From(unchecked(first * second)),

        // The remainder of the smallest number by -1 is 0, though the processor traps on it.
        _ => second == 0 ? run.Fail() : Value.From(second == -1 ? 0 : first % second),
    };

    private Value Fraction(ref ExpressionRun run, double first, double second) => symbol switch
    {
        '+' => Value.From(first + second),
        '-' => Value.From(first - second),
        '*' => Value.From(first * second),
        '/' => Value.From(first / second),
        '^' => Value.From(Math.Pow(first, second)),
        _ => run.Fail(),
    };
}
