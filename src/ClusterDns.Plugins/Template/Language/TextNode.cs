namespace ClusterDns.Plugins.Template.Language;

/// <summary>Text that is written as it is.</summary>
internal sealed class TextNode(string text) : TemplateNode
{
    public string Text => text;

    public override TemplateFlow Run(TemplateRun run) => run.Write(text) ? TemplateFlow.Next : TemplateFlow.Failed;
}
