namespace ClusterDns.Core.Pipeline;

/// <summary>Puts the steps of a server block together.</summary>
public static class StepChain
{
    /// <param name="steps">In running order.</param>
    /// <param name="last">Stands behind them.</param>
    public static IQueryHandler Build(
        BlockContext block, IReadOnlyList<(string Name, PluginFactory Factory)> steps, IQueryHandler last)
    {
        // From the end, because each step needs the one behind it.
        var chain = last;
        for (var index = steps.Count - 1; index >= 0; index--)
        {
            chain = steps[index].Factory(chain);
            foreach (var observer in block.FindAll<IStepObserver>())
            {
                if (steps.Take(index).Any(step => step.Name == observer.After))
                {
                    chain = observer.Observe(steps[index].Name, chain);
                }
            }
        }

        return chain;
    }
}
