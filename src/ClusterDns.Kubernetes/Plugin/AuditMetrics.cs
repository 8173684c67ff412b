using ClusterDns.Core.Telemetry;
using ClusterDns.Kubernetes.Sync;

namespace ClusterDns.Kubernetes.Plugin;

/// <summary>Counts what audits find.</summary>
internal sealed class AuditMetrics(MetricRegistry metrics) : IAuditObserver
{
    private readonly MetricFamily<Counter> _audits = metrics.Counter(
        "clusterdns_kubernetes_audits_total", "Comparisons of what is held with a list of the API server.", "collection", "result");

    private readonly MetricFamily<Counter> _drift = metrics.Counter(
        "clusterdns_kubernetes_audit_drift_total", "Objects that the watch had got wrong: missing, outdated, or gone from the cluster.", "collection", "kind");

    public void Audited(string collection, AuditOutcome outcome)
    {
        _audits.With(collection, outcome.IsClean ? "clean" : "drift").Increment();
        _drift.With(collection, "missing").Add(outcome.Missing);
        _drift.With(collection, "outdated").Add(outcome.Outdated);
        _drift.With(collection, "gone").Add(outcome.Gone);
    }

    public void Failed(string collection) => _audits.With(collection, "failed").Increment();
}
