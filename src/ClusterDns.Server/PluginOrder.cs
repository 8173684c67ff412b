using ClusterDns.Core.Pipeline;
using ClusterDns.Plugins.Whoami;

namespace ClusterDns.Server;

/// <summary>Every directive there is, in the order the steps run, whatever the order in a Corefile.</summary>
internal static class PluginOrder
{
    public static IReadOnlyList<PluginRegistration> Plugins { get; } =
    [
        new(WhoamiPlugin.Name, WhoamiPlugin.Configure),
    ];
}
