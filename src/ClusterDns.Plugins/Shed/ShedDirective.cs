using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Shed;

/// <summary>Makes UDP sockets answer the newest queries first under overload, and drop what is too much.</summary>
internal static class ShedDirective
{
    public static string Name => "shed";

    public static PluginFactory? Configure(DirectiveGroup directives, BlockContext block)
    {
        var directive = directives.ExpectOnce();
        directive.ExpectNoArguments();
        directive.ExpectNoBlock();
        if (block.Block.Keys.All(static key => key.Scheme is not TransportScheme.Dns))
        {
            throw directive.Error("shed is for UDP: a key of the block must be dns://");
        }

        block.Export(new ShedOptions());
        return null;
    }
}
