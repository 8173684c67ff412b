namespace ClusterDns.Kubernetes.Sync;

/// <summary>How far one collection has been followed. Written by its reflector, read by anybody.</summary>
/// <param name="plural">Of the collection, such as "services".</param>
/// <param name="space">The one namespace that is read; null for all.</param>
internal sealed class CollectionStatus(string plural, string? space)
{
    private long _asOf;
    private volatile string _version = "";
    private volatile bool _hasFailed;

    public string Name { get; } = space is null ? plural : $"{plural}/{space}";

    /// <summary>The version that has been reached, opaque; "" before the first complete list.</summary>
    public string Version => _version;

    /// <summary>
    /// When the server last said what is so: by a complete list, an event or a bookmark. A server sends a bookmark about each
    /// minute where nothing changes. Null before the first complete list.
    /// </summary>
    public DateTimeOffset? AsOf => Volatile.Read(ref _asOf) is var ticks and not 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>The server has been away, or has said no, at least once.</summary>
    public bool HasFailed => _hasFailed;

    public void MarkFailed() => _hasFailed = true;

    public void Reach(string version, DateTimeOffset now)
    {
        _version = version;
        Volatile.Write(ref _asOf, now.UtcTicks);
    }
}
