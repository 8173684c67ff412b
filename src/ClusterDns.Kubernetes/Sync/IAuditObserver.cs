namespace ClusterDns.Kubernetes.Sync;

/// <summary>Hears how each comparison of a store with its collection ended.</summary>
internal interface IAuditObserver
{
    void Audited(string collection, AuditOutcome outcome);

    /// <summary>The list could not be read to its end; the next audit tries again.</summary>
    void Failed(string collection);
}
