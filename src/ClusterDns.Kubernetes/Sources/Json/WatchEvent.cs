using ClusterDns.Kubernetes.Objects;

namespace ClusterDns.Kubernetes.Sources.Json;

/// <summary>One line of a watch.</summary>
/// <param name="Object">The object's state; of a deleted one, its last. Null in bookmarks and errors.</param>
/// <param name="ResourceVersion">Where to go on from after this event; null in errors.</param>
/// <param name="InitialEventsEnd">The bookmark that says that the streamed list is complete.</param>
/// <param name="Status">What is wrong, in an error.</param>
internal readonly record struct WatchEvent<T>(
    WatchEventType Type,
    T? Object,
    string? ResourceVersion,
    bool InitialEventsEnd,
    StatusJson Status)
    where T : ClusterObject;
