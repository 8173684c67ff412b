using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Debug;

/// <summary>Logs more, and lets a bug end the process so that it leaves a dump.</summary>
internal static class DebugDirective
{
    public static string Name => "debug";

    public static PluginFactory? Configure(DirectiveGroup directives, BlockContext block)
    {
        directives.ExpectOnce().ExpectNoArguments();
        block.Debug = true;
        return null;
    }
}
