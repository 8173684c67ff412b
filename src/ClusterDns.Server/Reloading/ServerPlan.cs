using ClusterDns.Core.Pipeline;
using ClusterDns.Server.Admin;

namespace ClusterDns.Server.Reloading;

/// <summary>A Corefile compiled: what to listen on and what answers there. Immutable; a reload swaps it for another.</summary>
/// <param name="Endpoints">Admin addresses with what each path of them answers.</param>
internal sealed record ServerPlan(
    IReadOnlyList<ListenGroup> Groups,
    IReadOnlyList<BlockContext> Blocks,
    IReadOnlyDictionary<HttpAddress, AdminPaths> Endpoints);
