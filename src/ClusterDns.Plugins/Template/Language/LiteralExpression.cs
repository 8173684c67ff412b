namespace ClusterDns.Plugins.Template.Language;

/// <summary>A constant.</summary>
internal sealed class LiteralExpression(object? value) : TemplateExpression
{
    public bool IsNil => value is null;

    public override object? Evaluate(TemplateRun run) => value;
}
