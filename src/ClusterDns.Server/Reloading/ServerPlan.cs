using ClusterDns.Core.Pipeline;

namespace ClusterDns.Server.Reloading;

/// <summary>A Corefile compiled: what to listen on and what answers there. Immutable; a reload swaps it for another.</summary>
internal sealed record ServerPlan(IReadOnlyList<ListenGroup> Groups, IReadOnlyList<BlockContext> Blocks);
