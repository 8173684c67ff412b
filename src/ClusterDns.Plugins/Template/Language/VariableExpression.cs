namespace ClusterDns.Plugins.Template.Language;

/// <summary>A variable.</summary>
internal sealed class VariableExpression(string name) : TemplateExpression
{
    public override object? Evaluate(TemplateRun run) => run.ValueOf(name);
}
