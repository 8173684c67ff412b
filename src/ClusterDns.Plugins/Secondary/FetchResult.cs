using ClusterDns.Core.Zones;

namespace ClusterDns.Plugins.Secondary;

/// <summary>What asking the primaries for a zone led to.</summary>
/// <param name="Zone">A newer version; null where there is none.</param>
/// <param name="Steps">How it came about from the version before, where it was sent that way.</param>
/// <param name="Error">Why nothing could be learned; null where something was.</param>
internal sealed record FetchResult(Zone? Zone, IReadOnlyList<ZoneDifference>? Steps, string? Error)
{
    /// <summary>No primary has a newer version, and one at least has this one.</summary>
    public static FetchResult UpToDate { get; } = new(null, null, null);

    public static FetchResult Failed(string error) => new(null, null, error);
}
