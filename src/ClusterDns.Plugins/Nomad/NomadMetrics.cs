using System.Collections.Concurrent;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;

namespace ClusterDns.Plugins.Nomad;

/// <summary>What <c>nomad</c> counts, by server and by Nomad's namespace.</summary>
internal sealed class NomadMetrics(MetricRegistry registry)
{
    // Namespaces come from questions: those beyond this number share a series.
    private const int MaxNamespaces = 100;

    private const string Other = "other";

    private readonly MetricFamily<Counter> _succeeded = registry.Counter(
        "coredns_nomad_success_requests_total", "Counter of DNS requests handled successfully.", "server", "namespace");

    private readonly MetricFamily<Counter> _failed = registry.Counter(
        "coredns_nomad_failed_requests_total", "Counter of DNS requests failed.", "server", "namespace");

    private readonly ConcurrentDictionary<string, string> _namespaces = new(StringComparer.Ordinal);

    public void Count(QueryContext query, string space, bool succeeded)
    {
        var label = _namespaces.Count < MaxNamespaces ? _namespaces.GetOrAdd(space, space) : _namespaces.GetValueOrDefault(space, Other);
        (succeeded ? _succeeded : _failed).With(query.Listener.Label, label).Increment(query.Worker);
    }
}
