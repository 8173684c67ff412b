using ClusterDns.Core.Pipeline;

namespace ClusterDns.Server.Reloading;

/// <summary>A listening address with the router of all blocks that are served there.</summary>
/// <param name="Blocks">In the file's order.</param>
internal sealed record ListenGroup(
    ListenAddress Address, ListenerIdentity Identity, QueryRouter Router, IReadOnlyList<BlockContext> Blocks);
