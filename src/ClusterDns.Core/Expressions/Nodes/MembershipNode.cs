namespace ClusterDns.Core.Expressions.Nodes;

/// <summary><c>in</c>: is a value in an array or between two numbers? Neither is made for the purpose.</summary>
internal sealed class MembershipNode(ExpressionNode element, ExpressionNode container) : ExpressionNode
{
    public override ValueKinds Kinds => ValueKinds.Bool;

    public override Value Evaluate(ref ExpressionRun run)
    {
        var value = element.Evaluate(ref run);
        switch (container)
        {
            case ArrayNode array:
                foreach (var item in array.Items)
                {
                    if (Value.AreEqual(value, item.Evaluate(ref run)))
                    {
                        return Value.From(true);
                    }
                }

                return Value.From(false);

            case RangeNode range:
                var from = range.From.Evaluate(ref run);
                var to = range.To.Evaluate(ref run);
                return from.Kind is ValueKinds.Int && to.Kind is ValueKinds.Int
                    ? Value.From(value.Kind is ValueKinds.Int && value.Integer >= from.Integer && value.Integer <= to.Integer)
                    : run.Fail();

            default:
                return Find(ref run, value);
        }
    }

    private Value Find(ref ExpressionRun run, scoped Value value)
    {
        var items = container.Evaluate(ref run);
        if (items.Kind is not (ValueKinds.Array or ValueKinds.Nil))
        {
            return run.Fail();
        }

        foreach (var item in items.Items)
        {
            if (Value.AreEqual(value, item.Load()))
            {
                return Value.From(true);
            }
        }

        return Value.From(false);
    }
}
