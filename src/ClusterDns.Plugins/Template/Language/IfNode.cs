namespace ClusterDns.Plugins.Template.Language;

/// <summary><c>if</c> and <c>with</c>: one of two parts; <c>with</c> makes the value the dot of the first.</summary>
internal sealed class IfNode(PipelineExpression condition, bool setsDot, TemplateNode whenTrue, TemplateNode whenFalse) : TemplateNode
{
    public override TemplateFlow Run(TemplateRun run)
    {
        var scope = run.BeginScope();
        var value = condition.Evaluate(run);
        var flow = TemplateFlow.Failed;
        if (!run.Failed)
        {
            var isTrue = TemplateValues.IsTrue(value);
            var dot = run.Dot;
            run.Dot = isTrue && setsDot ? value : dot;
            flow = (isTrue ? whenTrue : whenFalse).Run(run);
            run.Dot = dot;
        }

        run.EndScope(scope);
        return flow;
    }
}
