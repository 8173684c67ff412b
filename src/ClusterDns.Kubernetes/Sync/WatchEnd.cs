namespace ClusterDns.Kubernetes.Sync;

/// <summary>How a request of a reflector came to its end.</summary>
internal enum WatchEnd
{
    /// <summary>The stream ended as streams do: go on from the last version.</summary>
    Ended,

    /// <summary>The list is complete: watch from its version.</summary>
    Listed,

    /// <summary>Something failed: wait, then go on from the last version.</summary>
    Failed,

    /// <summary>The server no longer knows our version: list again.</summary>
    Expired,

    /// <summary>The server does not stream initial lists: list by pages.</summary>
    NotStreamed,
}
