using System.Text.Json.Serialization;

namespace ClusterDns.Plugins.Etcd;

/// <summary>Seconds that a lease still lasts; -1 where it is over.</summary>
internal sealed record LeaseResponse([property: JsonPropertyName("TTL")] long Ttl);
