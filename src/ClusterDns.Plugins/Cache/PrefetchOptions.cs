namespace ClusterDns.Plugins.Cache;

/// <summary><c>prefetch</c>: refresh what is popular before it runs out.</summary>
/// <param name="Amount">Hits that make an entry popular.</param>
/// <param name="Gap">Longest time between two of them.</param>
/// <param name="Percentage">What may be left of the TTL when it is refreshed.</param>
internal sealed record PrefetchOptions(int Amount, TimeSpan Gap, int Percentage);
