namespace ClusterDns.Kubernetes.Sources.Json;

/// <summary>What a line of a watch says.</summary>
internal enum WatchEventType : byte
{
    Added,
    Modified,
    Deleted,
    Bookmark,
    Error,
}
