namespace ClusterDns.Plugins.Etcd;

/// <summary>One key with its value; <paramref name="Lease"/> is 0 where the key does not expire.</summary>
internal sealed record EtcdKeyValue(byte[]? Key, byte[]? Value, long Lease);
