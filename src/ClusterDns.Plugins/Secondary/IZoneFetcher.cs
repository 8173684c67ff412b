using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Plugins.Secondary;

/// <summary>Asks primaries for a zone.</summary>
internal interface IZoneFetcher
{
    /// <param name="current">What is there already, to be sent the difference; null: everything.</param>
    Task<FetchResult> FetchAsync(DnsName origin, Zone? current, CancellationToken end);
}
