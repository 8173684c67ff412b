namespace ClusterDns.Plugins.Etcd;

/// <summary>Asks for a key, or for all keys from it up to <paramref name="RangeEnd"/>.</summary>
internal sealed record RangeRequest(byte[] Key, byte[]? RangeEnd, int Limit);
