namespace ClusterDns.Plugins.Template.Language;

/// <summary>A part of a compiled template: what it writes when it is run. Immutable.</summary>
internal abstract class TemplateNode
{
    public abstract TemplateFlow Run(TemplateRun run);
}
