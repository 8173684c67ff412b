using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Plugins.Backends;

/// <summary>One zone that a provider hosts, as it was loaded last.</summary>
/// <param name="id">How the provider and the log name it.</param>
internal sealed class HostedZone(DnsName origin, string id)
{
    private volatile Zone? _data;

    public DnsName Origin { get; } = origin;

    public string Id { get; } = id;

    /// <summary>Null before the first load.</summary>
    public Zone? Data
    {
        get => _data;
        set => _data = value;
    }

    /// <summary>Why the last load failed; null where it did not.</summary>
    public string? Failure { get; set; }
}
