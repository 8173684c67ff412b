namespace ClusterDns.Plugins.Template.Language;

/// <summary>The dot.</summary>
internal sealed class DotExpression : TemplateExpression
{
    public override object? Evaluate(TemplateRun run) => run.Dot;
}
