namespace ClusterDns.Plugins.Multisocket;

/// <summary>How many sockets share one address.</summary>
internal sealed record MultisocketOptions(int Sockets);
