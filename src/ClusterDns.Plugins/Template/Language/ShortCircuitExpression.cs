namespace ClusterDns.Plugins.Template.Language;

/// <summary><c>and</c>, <c>or</c>: the first argument that decides, else the last; those behind it are not evaluated.</summary>
internal sealed class ShortCircuitExpression(bool stopsAt) : TemplateExpression
{
    public override object? Evaluate(TemplateRun run) => run.Fail($"wrong number of args for {(stopsAt ? "or" : "and")}");

    public object? Evaluate(TemplateRun run, ReadOnlySpan<TemplateExpression> arguments, object? last, bool hasLast)
    {
        if (arguments.IsEmpty && !hasLast)
        {
            return Evaluate(run);
        }

        object? value = null;
        foreach (var argument in arguments)
        {
            value = argument.Evaluate(run);
            if (run.Failed || TemplateValues.IsTrue(value) == stopsAt)
            {
                return value;
            }
        }

        return hasLast ? last : value;
    }
}
