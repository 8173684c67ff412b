using System.Globalization;
using ClusterDns.Core.Telemetry;
using ClusterDns.Kubernetes.Sources;

namespace ClusterDns.Kubernetes.Plugin;

/// <summary>Says of when the data are that the directive answers from: in metrics, and in words for <c>/ready</c>.</summary>
internal sealed class Freshness
{
    private readonly KubernetesState _state;
    private readonly IObjectSource _source;
    private readonly MetricFamily<Gauge> _versions;

    public Freshness(KubernetesState state, IObjectSource source)
    {
        _state = state;
        _source = source;
        var metrics = state.Services.Metrics;
        var zone = state.Options.PrimaryZone.ToString();
        metrics.Gauge(
            "clusterdns_kubernetes_data_age_seconds",
            "Seconds since the API server last confirmed the oldest part of the data; a quiet one does so about each minute.",
            "zone").With(zone).ReadFrom(() => Age?.TotalSeconds ?? double.NaN);
        metrics.Gauge(
            "clusterdns_kubernetes_snapshot_age_seconds",
            "Age of the data while they come from a snapshot; 0 while they come from the API server.",
            "zone").With(zone).ReadFrom(() => _state.IsStale ? Age?.TotalSeconds ?? 0 : 0);
        _versions = metrics.Gauge(
            "clusterdns_kubernetes_data_version",
            "The resource version up to which a collection has been followed.", "zone", "collection");
    }

    /// <summary>When the oldest part of the data was last known to be so; null before anything is known.</summary>
    public DateTimeOffset? AsOf => _state.IsStale ? _state.Restored?.AsOf : ConfirmedAt(_source);

    public TimeSpan? Age => _state.Services.Time.GetUtcNow() - AsOf is { } age ? age > TimeSpan.Zero ? age : TimeSpan.Zero : null;

    /// <summary>The versions of what is answered from.</summary>
    public string Versions => _state.IsStale ? _state.Restored?.Versions ?? "" : VersionsOf(_source);

    /// <summary>One line for people.</summary>
    public string Text => (_state.Options.PrimaryZone, Age) switch
    {
        (var zone, null) => $"{KubernetesPlugin.Name} {zone}: no data yet",
        var (zone, age) => string.Create(
            CultureInfo.InvariantCulture,
            $"{KubernetesPlugin.Name} {zone}: {(_state.IsStale ? "stale, from a snapshot: " : "")}data as of version {Versions}, age {age.Value.TotalSeconds:F0} s"),
    };

    /// <summary>Null until every collection has been read once.</summary>
    public static DateTimeOffset? ConfirmedAt(IObjectSource source)
    {
        DateTimeOffset? oldest = null;
        foreach (var collection in source.Collections)
        {
            if (collection.AsOf is not { } asOf)
            {
                return null;
            }

            oldest = oldest < asOf ? oldest : asOf;
        }

        return oldest;
    }

    public static string VersionsOf(IObjectSource source) =>
        string.Join(' ', source.Collections.Select(static collection => $"{collection.Name}={collection.Version}"));

    /// <summary>Shows the versions in the metrics; to be called once the source runs.</summary>
    public void ShowVersions()
    {
        foreach (var collection in _source.Collections)
        {
            // Opaque, says the API, and a growing number wherever there is one to look at.
            _versions.With(_state.Options.PrimaryZone.ToString(), collection.Name).ReadFrom(() =>
                double.TryParse(collection.Version, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0);
        }
    }
}
