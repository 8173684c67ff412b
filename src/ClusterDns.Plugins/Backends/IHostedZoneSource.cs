using ClusterDns.Core.Zones;

namespace ClusterDns.Plugins.Backends;

/// <summary>A provider's interface to the zones it hosts.</summary>
internal interface IHostedZoneSource : IDisposable
{
    /// <summary>Reads every record of a zone.</summary>
    /// <exception cref="BackendException">The provider refuses.</exception>
    /// <exception cref="HttpRequestException">It cannot be reached.</exception>
    /// <exception cref="OperationCanceledException">It takes too long.</exception>
    Task LoadAsync(HostedZone zone, ZoneBuilder into, CancellationToken cancel);
}
