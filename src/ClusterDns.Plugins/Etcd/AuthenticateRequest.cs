namespace ClusterDns.Plugins.Etcd;

/// <summary>Asks for a token.</summary>
internal sealed record AuthenticateRequest(string Name, string Password);
