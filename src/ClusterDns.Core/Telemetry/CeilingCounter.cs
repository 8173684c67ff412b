namespace ClusterDns.Core.Telemetry;

/// <summary>
/// Counts how often a ceiling was reached, for those ceilings that have no metric of their own. SECURITY.md lists all of them; a test
/// compares the names there with those in the code.
/// </summary>
public static class CeilingCounter
{
    public const string Name = "clusterdns_ceiling_reached_total";

    /// <param name="ceiling">What was full, in lower case, words joined by underscores: it is shown as a label.</param>
    public static Counter Of(MetricRegistry metrics, string ceiling) => metrics
        .Counter(Name, "Times that something was refused, dropped or put off because of a ceiling.", "ceiling")
        .With(ceiling);
}
