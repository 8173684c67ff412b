namespace ClusterDns.Plugins.Health;

/// <summary>How long a process that is to end goes on answering after its lameduck (<c>health { drain LONGEST [QUIET] }</c>).</summary>
/// <param name="Longest">The bound, whatever is still asked; zero: no drain at all.</param>
/// <param name="Quiet">Without a query for so long, clients have gone elsewhere.</param>
internal sealed record DrainOptions(TimeSpan Longest, TimeSpan Quiet)
{
    /// <summary>Costs an idle process nothing, and a busy one less than what is left of Kubernetes' 30 seconds.</summary>
    public static DrainOptions Default { get; } = new(TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(500));
}
