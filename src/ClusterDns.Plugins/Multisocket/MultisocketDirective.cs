using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Multisocket;

/// <summary>Sets how many sockets, each with a thread of its own, receive datagrams on one address.</summary>
internal static class MultisocketDirective
{
    private const int Most = 1024;

    public static string Name => "multisocket";

    public static PluginFactory? Configure(DirectiveGroup directives, BlockContext block)
    {
        var directive = directives.ExpectOnce();
        directive.ExpectArguments(0, 1);
        directive.ExpectNoBlock();
        var sockets = directive.Arguments.Count == 0 ? Environment.ProcessorCount : directive.Arguments[0].ParseInt(1, Most);
        block.Export(new MultisocketOptions(sockets));
        return null;
    }
}
