using ClusterDns.Core.Pipeline;
using ClusterDns.Plugins.ProxyProto;
using ClusterDns.Plugins.Shed;

namespace ClusterDns.Server.Reloading;

/// <summary>A listening address with the router of all blocks that are served there.</summary>
/// <param name="Blocks">In the file's order.</param>
internal sealed record ListenGroup(
    ListenAddress Address, ListenerIdentity Identity, QueryRouter Router, IReadOnlyList<BlockContext> Blocks)
{
    /// <summary>What is done about PROXY headers here; null: nobody looks for any.</summary>
    public ProxyProtoOptions? ProxyProto { get; } =
        Blocks.Select(static block => block.Find<ProxyProtoOptions>()).FirstOrDefault(static options => options is not null);

    /// <summary>UDP sockets drop what is too much for them (<c>shed</c>).</summary>
    public bool Sheds { get; } = Blocks.Any(static block => block.Find<ShedOptions>() is not null);
}
