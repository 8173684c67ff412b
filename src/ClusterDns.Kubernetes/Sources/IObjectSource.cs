using ClusterDns.Kubernetes.Sync;

namespace ClusterDns.Kubernetes.Sources;

/// <summary>Where the objects of a cluster come from: an API server, or a folder of manifests.</summary>
internal interface IObjectSource : IAsyncDisposable
{
    /// <summary>Every kind with a sink has been given once in full.</summary>
    bool IsSynced { get; }

    /// <summary>How far each collection has been followed; none where the source has no versions. Complete once it runs.</summary>
    IReadOnlyList<CollectionStatus> Collections { get; }

    /// <summary>
    /// Feeds the sinks until cancelled; call it once. A server that is away is waited for, not an error.
    /// </summary>
    Task RunAsync(ObjectSinks sinks, CancellationToken cancellationToken);
}
