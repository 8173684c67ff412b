namespace ClusterDns.Kubernetes.Plugin;

/// <summary>What <c>snapshot</c> says.</summary>
internal sealed record SnapshotOptions(string Path)
{
    /// <summary>A snapshot whose data are older is not answered from: addresses have found other owners by then.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The least time between two writes.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);
}
