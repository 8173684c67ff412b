namespace ClusterDns.Kubernetes.Sync;

/// <summary>How many objects a store had wrong.</summary>
/// <param name="Missing">The cluster has them, the store has not.</param>
/// <param name="Outdated">The store has an older version.</param>
/// <param name="Gone">The store has them, the cluster has not.</param>
internal readonly record struct AuditOutcome(int Missing, int Outdated, int Gone)
{
    public bool IsClean => Missing + Outdated + Gone == 0;
}
