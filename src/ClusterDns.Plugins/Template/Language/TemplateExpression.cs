namespace ClusterDns.Plugins.Template.Language;

/// <summary>Something in an action that has a value. Immutable.</summary>
internal abstract class TemplateExpression
{
    /// <summary>The value; after an error (<see cref="TemplateRun.Failed"/>) it means nothing.</summary>
    public abstract object? Evaluate(TemplateRun run);

    /// <summary>As the first word of a command, with the command's arguments; most operands take none.</summary>
    public virtual object? Call(TemplateRun run, ReadOnlySpan<object?> arguments) =>
        arguments.IsEmpty ? Evaluate(run) : run.Fail("can't give argument to non-function");

}
