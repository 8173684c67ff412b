namespace ClusterDns.Plugins.Template.Language;

/// <summary>Parts one after the other; variables declared in it end with it.</summary>
internal sealed class SequenceNode(TemplateNode[] parts) : TemplateNode
{
    public IReadOnlyList<TemplateNode> Parts => parts;

    public override TemplateFlow Run(TemplateRun run)
    {
        var scope = run.BeginScope();
        var flow = TemplateFlow.Next;
        for (var index = 0; index < parts.Length && flow is TemplateFlow.Next; index++)
        {
            flow = run.TryStep() ? parts[index].Run(run) : TemplateFlow.Failed;
        }

        run.EndScope(scope);
        return flow;
    }
}
