namespace ClusterDns.Plugins.Etcd;

/// <summary>What etcd says instead of an answer; <paramref name="Code"/> is one of gRPC.</summary>
internal sealed record EtcdError(string? Error, string? Message, int Code);
