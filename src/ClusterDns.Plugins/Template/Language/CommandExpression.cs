namespace ClusterDns.Plugins.Template.Language;

/// <summary>One command of a pipeline: an operand, or a function or method and its arguments.</summary>
internal sealed class CommandExpression(TemplateExpression head, TemplateExpression[] arguments) : TemplateExpression
{
    /// <summary>The operand, where there is nothing else.</summary>
    public TemplateExpression? Single => arguments.Length == 0 ? head : null;

    public override object? Evaluate(TemplateRun run) => Evaluate(run, piped: null, isPiped: false);

    /// <summary>Evaluates with the value of the command before it as the last argument.</summary>
    public object? Evaluate(TemplateRun run, object? piped, bool isPiped)
    {
        if (!run.TryStep())
        {
            return null;
        }

        if (head is ShortCircuitExpression shortCircuit)
        {
            return shortCircuit.Evaluate(run, arguments, piped, isPiped);
        }

        var values = new object?[arguments.Length + (isPiped ? 1 : 0)];
        for (var index = 0; index < arguments.Length; index++)
        {
            values[index] = arguments[index].Evaluate(run);
            if (run.Failed)
            {
                return null;
            }
        }

        if (isPiped)
        {
            values[^1] = piped;
        }

        return head.Call(run, values);
    }
}
