using ClusterDns.Core.Pipeline;

namespace ClusterDns.Server.Reloading;

/// <summary>A listening address with the router of all blocks that are served there.</summary>
internal sealed record ListenGroup(ListenAddress Address, ListenerIdentity Identity, QueryRouter Router);
