using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Root;

/// <summary>Where the relative paths of a block start.</summary>
internal static class RootDirective
{
    public static string Name => "root";

    public static PluginFactory? Configure(DirectiveGroup directives, BlockContext block)
    {
        foreach (var directive in directives)
        {
            block.Root = directive.ExpectArgument().Text;
        }

        return null;
    }
}
