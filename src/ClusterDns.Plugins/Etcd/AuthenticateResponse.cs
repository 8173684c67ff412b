namespace ClusterDns.Plugins.Etcd;

/// <summary>A token for the Authorization header.</summary>
internal sealed record AuthenticateResponse(string? Token);
