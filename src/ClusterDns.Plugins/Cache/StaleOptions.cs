namespace ClusterDns.Plugins.Cache;

/// <summary><c>serve_stale</c>: answers past their TTL (RFC 8767).</summary>
/// <param name="Duration">How long past the TTL.</param>
/// <param name="Verifies">Ask downstream first; false: answer at once and refresh behind the client's back.</param>
/// <param name="Timeout">How long to wait for downstream when verifying; zero: as long as it takes.</param>
/// <param name="ResponseTtl">TTL of a stale answer, in seconds.</param>
/// <param name="Recheck">Pause after a refresh that failed.</param>
internal sealed record StaleOptions(TimeSpan Duration, bool Verifies, TimeSpan Timeout, uint ResponseTtl, TimeSpan Recheck);
