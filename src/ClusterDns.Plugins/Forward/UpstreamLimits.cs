using ClusterDns.Core.Telemetry;

namespace ClusterDns.Plugins.Forward;

/// <summary>What the upstreams of one <c>forward</c> line share: how much more than asked for may be sent, and how often it was.</summary>
internal sealed class UpstreamLimits(MetricRegistry metrics)
{
    /// <summary>A twentieth of the queries may be asked twice for being slow.</summary>
    public RetryBudget Hedges { get; } = new(percent: 5, most: 10);

    /// <summary>Attempts beyond a query's second.</summary>
    public RetryBudget Retries { get; } = new(percent: 20, most: 100);

    public Counter Hedged { get; } = metrics
        .Counter("clusterdns_forward_hedges_total", "Slow queries that a second upstream was asked for as well.").With();

    public Counter Coalesced { get; } = metrics
        .Counter("clusterdns_forward_coalesced_total", "Queries answered by the reply to an identical one in flight.").With();

    public Counter RetriesDenied { get; } = metrics
        .Counter("clusterdns_forward_retries_denied_total", "Attempts not made because the retry budget was spent.").With();

    /// <summary>Slow queries that no second upstream was asked for, because the budget was spent.</summary>
    public Counter HedgesDenied { get; } = CeilingCounter.Of(metrics, "forward_hedges");

    /// <summary>Identical questions that were asked nonetheless, because enough waited for the first one's answer.</summary>
    public Counter Followers { get; } = CeilingCounter.Of(metrics, "forward_followers");

    /// <summary>Questions that could not be asked, because as many waited for the upstream as may.</summary>
    public Counter NoRoom { get; } = CeilingCounter.Of(metrics, "forward_waiting");

    public Counter Mismatches { get; } = metrics
        .Counter("clusterdns_forward_mismatches_total", "Datagrams with a query's id that did not answer its question.").With();
}
