namespace ClusterDns.Plugins.Template.Language;

/// <summary>A function; a command gives it its arguments.</summary>
internal sealed class FunctionExpression(string name, TemplateFunction function) : TemplateExpression
{
    public string Name => name;

    public override object? Evaluate(TemplateRun run) => Call(run, []);

    public override object? Call(TemplateRun run, ReadOnlySpan<object?> arguments)
    {
        if (arguments.Length < function.LeastArguments || arguments.Length > function.MostArguments)
        {
            return run.Fail($"wrong number of args for {name}");
        }

        // Text that a loop doubles at every turn must end somewhere.
        var value = function.Call(run, arguments);
        return value is string { Length: > TemplateRun.MaxOutput } ? run.Fail($"{name} makes more than {TemplateRun.MaxOutput} characters") : value;
    }
}
