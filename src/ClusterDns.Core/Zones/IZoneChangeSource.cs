using ClusterDns.Protocol.Names;

namespace ClusterDns.Core.Zones;

/// <summary>Tells when a zone has new data, so that its secondaries can be told (RFC 1996).</summary>
public interface IZoneChangeSource
{
    /// <summary>The zone's apex; raised on whatever thread read the data.</summary>
    event Action<DnsName>? ZoneChanged;
}
