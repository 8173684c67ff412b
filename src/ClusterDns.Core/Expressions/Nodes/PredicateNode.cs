namespace ClusterDns.Core.Expressions.Nodes;

/// <summary><c>all</c>, <c>any</c>, <c>none</c>, <c>one</c>, <c>count</c>, <c>filter</c>, <c>map</c> and <c>find</c>.</summary>
internal sealed class PredicateNode(string function, ExpressionNode array, ExpressionNode body) : ExpressionNode
{
    public override ValueKinds Kinds => function switch
    {
        "filter" or "map" => ValueKinds.Array,
        "count" => ValueKinds.Int,
        "find" => ValueKinds.Any,
        _ => ValueKinds.Bool,
    };

    public static bool IsFunction(string name) =>
        name is "all" or "any" or "none" or "one" or "count" or "filter" or "map" or "find";

    public override Value Evaluate(ref ExpressionRun run)
    {
        var value = array.Evaluate(ref run);
        if (value.Kind is not ValueKinds.Array)
        {
            return run.Fail();
        }

        // A predicate can stand in a predicate: what # is outside is kept.
        var outer = run.Element;
        var outerIndex = run.Index;
        var result = function is "filter" or "map" ? Collect(ref run, value.Items) : Count(ref run, value.Items);
        run.Element = outer;
        run.Index = outerIndex;
        return result;
    }

    private Value Collect(ref ExpressionRun run, StoredValue[] items)
    {
        var kept = new List<StoredValue>(items.Length);
        for (var index = 0; index < items.Length && !run.HasFailed; index++)
        {
            var value = Ask(ref run, items, index);
            if (function is "map")
            {
                kept.Add(value.Store());
            }
            else if (value.IsTrue)
            {
                kept.Add(items[index]);
            }
        }

        return Value.From(kept.ToArray());
    }

    private Value Count(ref ExpressionRun run, StoredValue[] items)
    {
        var count = 0;
        for (var index = 0; index < items.Length && !run.HasFailed; index++)
        {
            var value = Ask(ref run, items, index);
            if (value.Kind is not ValueKinds.Bool)
            {
                return run.Fail();
            }

            if (value.IsTrue)
            {
                count++;
                if (function is "find")
                {
                    return items[index].Load();
                }
            }
        }

        return function switch
        {
            "all" => Value.From(count == items.Length),
            "any" => Value.From(count > 0),
            "none" => Value.From(count == 0),
            "one" => Value.From(count == 1),
            "count" => Value.From((long)count),
            _ => Value.Nil,
        };
    }

    private Value Ask(ref ExpressionRun run, StoredValue[] items, int index)
    {
        run.Element = items[index];
        run.Index = index;
        return body.Evaluate(ref run);
    }
}
