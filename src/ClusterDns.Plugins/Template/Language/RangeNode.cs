namespace ClusterDns.Plugins.Template.Language;

/// <summary><c>range</c>: its body once for every member of a list, a map (by key) or the numbers below one.</summary>
internal sealed class RangeNode(PipelineExpression source, TemplateNode body, TemplateNode whenEmpty) : TemplateNode
{
    public override TemplateFlow Run(TemplateRun run)
    {
        var scope = run.BeginScope();
        var dot = run.Dot;
        var flow = RunAll(run, scope);
        run.Dot = dot;
        run.EndScope(scope);
        return flow;
    }

    private TemplateFlow RunAll(TemplateRun run, int scope)
    {
        var value = source.EvaluateValue(run);
        if (run.Failed)
        {
            return TemplateFlow.Failed;
        }

        if (!TemplateValues.TryGetMembers(value, out var members))
        {
            run.Fail($"range can't iterate over {TemplatePrinter.Print(value)}");
            return TemplateFlow.Failed;
        }

        var any = false;
        foreach (var (key, member) in members)
        {
            any = true;
            run.Dot = member;
            source.AssignMember(run, key, member);
            var flow = run.TryStep() ? body.Run(run) : TemplateFlow.Failed;
            run.EndScope(scope);
            if (flow is TemplateFlow.Failed)
            {
                return flow;
            }

            if (flow is TemplateFlow.Break)
            {
                break;
            }
        }

        return any ? TemplateFlow.Next : whenEmpty.Run(run);
    }
}
