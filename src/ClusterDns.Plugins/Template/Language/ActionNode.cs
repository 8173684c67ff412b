namespace ClusterDns.Plugins.Template.Language;

/// <summary><c>{{ pipeline }}</c>: writes the value, unless it is given to a variable.</summary>
internal sealed class ActionNode(PipelineExpression pipeline) : TemplateNode
{
    public PipelineExpression Pipeline => pipeline;

    public override TemplateFlow Run(TemplateRun run)
    {
        var value = pipeline.Evaluate(run);
        return run.Failed || (!pipeline.HasVariables && !run.Write(TemplatePrinter.Print(value)))
            ? TemplateFlow.Failed
            : TemplateFlow.Next;
    }
}
