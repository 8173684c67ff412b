namespace ClusterDns.Plugins.Template.Language;

/// <summary><c>break</c> or <c>continue</c>.</summary>
internal sealed class JumpNode(TemplateFlow flow) : TemplateNode
{
    public override TemplateFlow Run(TemplateRun run) => flow;
}
