namespace ClusterDns.Plugins.Etcd;

/// <summary>The keys that were found; null where there are none.</summary>
internal sealed record RangeResponse(IReadOnlyList<EtcdKeyValue>? Kvs);
