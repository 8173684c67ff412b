namespace ClusterDns.Kubernetes.Sources;

/// <summary>Where the objects of a cluster come from: an API server, or a folder of manifests.</summary>
internal interface IObjectSource : IAsyncDisposable
{
    /// <summary>Every kind with a sink has been given once in full.</summary>
    bool IsSynced { get; }

    /// <summary>
    /// Feeds the sinks until cancelled; call it once. A server that is away is waited for, not an error.
    /// </summary>
    Task RunAsync(ObjectSinks sinks, CancellationToken cancellationToken);
}
