namespace ClusterDns.Plugins.Template.Language;

/// <summary>Commands in a row, each the last argument of the next; the result may be given to variables.</summary>
/// <param name="variables">None, one, or for <c>range</c> two: key and member.</param>
/// <param name="declares">False where the variables exist already.</param>
internal sealed class PipelineExpression(string[] variables, bool declares, CommandExpression[] commands) : TemplateExpression
{
    public bool HasVariables => variables.Length > 0;

    /// <summary>The operand, where there is nothing else.</summary>
    public TemplateExpression? Single => variables.Length == 0 && commands.Length == 1 ? commands[0].Single : null;

    public override object? Evaluate(TemplateRun run)
    {
        var value = EvaluateValue(run);
        if (!run.Failed && variables.Length > 0)
        {
            Set(run, variables[0], value);
        }

        return value;
    }

    /// <summary>The value alone; the variables stay as they are.</summary>
    public object? EvaluateValue(TemplateRun run)
    {
        object? value = null;
        for (var index = 0; index < commands.Length && !run.Failed; index++)
        {
            value = commands[index].Evaluate(run, value, isPiped: index > 0);
        }

        return value;
    }

    /// <summary>Gives the variables of a <c>range</c> one of its members.</summary>
    public void AssignMember(TemplateRun run, object? key, object? member)
    {
        if (variables.Length == 2)
        {
            Set(run, variables[0], key);
        }

        if (variables.Length > 0)
        {
            Set(run, variables[^1], member);
        }
    }

    private void Set(TemplateRun run, string name, object? value)
    {
        if (declares)
        {
            run.Declare(name, value);
        }
        else
        {
            run.Assign(name, value);
        }
    }
}
