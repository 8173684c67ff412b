using ClusterDns.Core.Corefile;

namespace ClusterDns.Core.Pipeline;

/// <summary>What the server knows of a directive: its name and how its lines in a block become a step of the chain.</summary>
/// <param name="Name">As it stands in a Corefile.</param>
/// <param name="Configure">
/// Reads every occurrence of the directive in one block. Null for a directive that sets something but answers nothing.
/// Throws <see cref="CorefileException"/> for the operator's mistakes.
/// </param>
public sealed record PluginRegistration(string Name, Func<DirectiveGroup, BlockContext, PluginFactory?> Configure);
