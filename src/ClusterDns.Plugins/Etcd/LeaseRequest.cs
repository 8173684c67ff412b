using System.Text.Json.Serialization;

namespace ClusterDns.Plugins.Etcd;

/// <summary>Asks how long a lease still lasts.</summary>
internal sealed record LeaseRequest([property: JsonPropertyName("ID")] long Id);
