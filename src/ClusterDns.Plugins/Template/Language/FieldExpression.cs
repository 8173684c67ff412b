namespace ClusterDns.Plugins.Template.Language;

/// <summary><c>.Name</c> of something: a field of an object, a key of a map, or a method where arguments follow.</summary>
internal sealed class FieldExpression(TemplateExpression owner, string name) : TemplateExpression
{
    public TemplateExpression Owner => owner;

    public string Name => name;

    public override object? Evaluate(TemplateRun run)
    {
        var value = owner.Evaluate(run);
        if (run.Failed)
        {
            return null;
        }

        switch (value)
        {
            case TemplateObject fields:
                return fields.TryGetField(name, out var field) ? field : run.Fail($"can't evaluate field {name}");
            case IReadOnlyDictionary<string, string> map:
                return map.GetValueOrDefault(name);
            default:
                return run.Fail($"can't evaluate field {name} in {TemplatePrinter.Print(value)}");
        }
    }

    public override object? Call(TemplateRun run, ReadOnlySpan<object?> arguments)
    {
        if (arguments.IsEmpty)
        {
            return Evaluate(run);
        }

        var value = owner.Evaluate(run);
        if (run.Failed)
        {
            return null;
        }

        return arguments is [string argument] && value is TemplateObject methods && methods.TryCall(name, argument, out var result)
            ? result
            : run.Fail($"{name} is not a method but has arguments");
    }
}
