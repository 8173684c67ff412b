using ClusterDns.Core.Expressions.Functions;
using ClusterDns.Core.Expressions.Nodes;
using ClusterDns.Core.Patterns;

namespace ClusterDns.Core.Expressions;

/// <summary>Makes the nodes of an expression and refuses what could never be computed.</summary>
internal static class ExpressionChecker
{
    public static ExpressionNode Binary(ExpressionToken operation, ExpressionNode left, ExpressionNode right)
    {
        switch (operation.Text)
        {
            case "and" or "&&":
                Expect(operation, left, right, ValueKinds.Bool);
                return new LogicNode(left, right, isAnd: true);
            case "or" or "||":
                Expect(operation, left, right, ValueKinds.Bool);
                return new LogicNode(left, right, isAnd: false);
            case "==" or "!=":
                ExpectComparable(operation, left, right);
                return new EqualityNode(left, right, operation.Text == "==");
            case "<" or "<=" or ">" or ">=":
                ExpectBoth(operation, left, right, ValueKinds.Number, ValueKinds.Text);
                return new OrderNode(left, right, operation.Text);
            case "+":
                ExpectBoth(operation, left, right, ValueKinds.Number, ValueKinds.Text);
                return new ArithmeticNode(left, right, '+');
            case "-" or "*" or "/":
                Expect(operation, left, right, ValueKinds.Number);
                return new ArithmeticNode(left, right, operation.Text[0]);
            case "%":
                Expect(operation, left, right, ValueKinds.Int);
                return new ArithmeticNode(left, right, '%');
            case "**" or "^":
                Expect(operation, left, right, ValueKinds.Number);
                return new ArithmeticNode(left, right, '^');
            case "..":
                Expect(operation, left, right, ValueKinds.Int);
                return new RangeNode(left, right);
            case "in":
                return (right.Kinds & (ValueKinds.Array | ValueKinds.Nil)) != 0
                    ? new MembershipNode(left, right)
                    : throw Mismatch(operation, left, right);
            case "matches":
                Expect(operation, left, right, ValueKinds.Text);
                return Pattern(operation, left, right);
            case "??":
                return new CoalesceNode(left, right);
            default:
                Expect(operation, left, right, ValueKinds.Text);
                return new TextMatchNode(left, right, operation.Text);
        }
    }

    public static UnaryNode Not(ExpressionNode operand, int position) => (operand.Kinds & ValueKinds.Bool) != 0
        ? new UnaryNode(operand, negates: false)
        : throw new ExpressionException($"invalid operation: not ({Describe(operand.Kinds)})", position);

    public static ExpressionNode Signed(ExpressionNode operand, ExpressionToken sign)
    {
        if ((operand.Kinds & ValueKinds.Number) == 0)
        {
            throw new ExpressionException($"invalid operation: {sign.Text} ({Describe(operand.Kinds)})", sign.Position);
        }

        return sign.Is("-") ? new UnaryNode(operand, negates: true) : operand;
    }

    public static ConditionalNode Conditional(ExpressionNode condition, ExpressionNode whenTrue, ExpressionNode whenFalse, int position) =>
        (condition.Kinds & ValueKinds.Bool) != 0
            ? new ConditionalNode(condition, whenTrue, whenFalse)
            : throw new ExpressionException($"a condition must be true or false, not {Describe(condition.Kinds)}", position);

    public static IndexNode Index(ExpressionNode array, ExpressionNode index, int position) =>
        (array.Kinds & ValueKinds.Array) != 0 && (index.Kinds & ValueKinds.Int) != 0
            ? new IndexNode(array, index)
            : throw new ExpressionException($"{Describe(array.Kinds)}[{Describe(index.Kinds)}] is undefined", position);

    public static SliceNode Slice(ExpressionNode content, ExpressionNode? from, ExpressionNode? to, int position)
    {
        var areBoundsWhole = ((from?.Kinds ?? ValueKinds.Int) & ValueKinds.Int) != 0 && ((to?.Kinds ?? ValueKinds.Int) & ValueKinds.Int) != 0;
        return areBoundsWhole && (content.Kinds & (ValueKinds.Array | ValueKinds.Text)) != 0
            ? new SliceNode(content, from, to)
            : throw new ExpressionException($"cannot slice {Describe(content.Kinds)}", position);
    }

    public static PredicateNode Predicate(ExpressionToken name, ExpressionNode array, ExpressionNode body)
    {
        if ((array.Kinds & ValueKinds.Array) == 0)
        {
            throw new ExpressionException($"{name.Text} takes an array, not {Describe(array.Kinds)}", name.Position);
        }

        if (name.Text != "map" && (body.Kinds & ValueKinds.Bool) == 0)
        {
            throw new ExpressionException($"the predicate of {name.Text} must be true or false, not {Describe(body.Kinds)}", name.Position);
        }

        return new PredicateNode(name.Text, array, body);
    }

    public static ExpressionNode Call(ExpressionToken name, ExpressionNode[] arguments)
    {
        if (!ExpressionFunction.All.TryGetValue(name.Text, out var function))
        {
            throw new ExpressionException($"unknown name {name.Text}", name.Position);
        }

        if (arguments.Length < function.Required)
        {
            throw new ExpressionException($"not enough arguments to call {name.Text}", name.Position);
        }

        if (arguments.Length > function.Parameters.Length && !function.RepeatsLast)
        {
            throw new ExpressionException($"too many arguments to call {name.Text}", name.Position);
        }

        for (var index = 0; index < arguments.Length; index++)
        {
            var accepted = function.Parameters[Math.Min(index, function.Parameters.Length - 1)];
            if ((arguments[index].Kinds & accepted) == 0)
            {
                throw new ExpressionException(
                    $"cannot use {Describe(arguments[index].Kinds)} as argument (type {Describe(accepted)}) to call {name.Text}", name.Position);
            }
        }

        return name.Text is "incidr"
            ? new PrefixNode(arguments[0], arguments[1])
            : QueryFunctions.Address(name.Text) ?? (ExpressionNode)new CallNode(function, arguments);
    }

    // Compiled once: an expression that a query could choose would be compiled for each.
    private static PatternNode Pattern(ExpressionToken operation, ExpressionNode text, ExpressionNode pattern)
    {
        if (pattern is not ConstantNode)
        {
            throw new ExpressionException("a regular expression must be written down, not computed", operation.Position);
        }

        var run = default(ExpressionRun);
        try
        {
            return new PatternNode(text, Patterns.Pattern.Parse(pattern.Evaluate(ref run).Text.ToString()));
        }
        catch (PatternException exception)
        {
            throw new ExpressionException($"bad regular expression: {exception.Message}", operation.Position);
        }
    }

    private static void Expect(ExpressionToken operation, ExpressionNode left, ExpressionNode right, ValueKinds kinds) =>
        ExpectBoth(operation, left, right, kinds, ValueKinds.None);

    private static void ExpectBoth(ExpressionToken operation, ExpressionNode left, ExpressionNode right, ValueKinds kinds, ValueKinds others)
    {
        var fits = ((left.Kinds & kinds) != 0 && (right.Kinds & kinds) != 0)
            || ((left.Kinds & others) != 0 && (right.Kinds & others) != 0);
        if (!fits)
        {
            throw Mismatch(operation, left, right);
        }
    }

    private static void ExpectComparable(ExpressionToken operation, ExpressionNode left, ExpressionNode right)
    {
        var areNumbers = (left.Kinds & ValueKinds.Number) != 0 && (right.Kinds & ValueKinds.Number) != 0;
        var isNil = ((left.Kinds | right.Kinds) & ValueKinds.Nil) != 0;
        if (!areNumbers && !isNil && (left.Kinds & right.Kinds) == 0)
        {
            throw Mismatch(operation, left, right);
        }
    }

    private static ExpressionException Mismatch(ExpressionToken operation, ExpressionNode left, ExpressionNode right) =>
        new($"invalid operation: {operation.Text} (mismatched types {Describe(left.Kinds)} and {Describe(right.Kinds)})", operation.Position);

    private static string Describe(ValueKinds kinds) => kinds switch
    {
        ValueKinds.Nil => "nil",
        ValueKinds.Bool => "bool",
        ValueKinds.Int => "int",
        ValueKinds.Float => "float",
        ValueKinds.Number => "number",
        ValueKinds.Text => "string",
        ValueKinds.Array => "array",
        ValueKinds.Any => "unknown",
        _ => kinds.ToString(),
    };
}
