using System.Runtime.CompilerServices;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;

namespace ClusterDns.Plugins.Prometheus;

/// <summary>
/// Keeps <c>coredns_plugin_enabled</c> true across reloads: a series goes when the last plan that has it ends, and two
/// plans overlap while one replaces the other.
/// </summary>
internal sealed class EnabledPlugins
{
    private static readonly ConditionalWeakTable<MetricRegistry, EnabledPlugins> ByRegistry = [];

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Server, string Zone, string View, string Name), int> _holders = [];
    private readonly MetricFamily<Gauge> _family;

    private EnabledPlugins(MetricRegistry registry) => _family = registry.Gauge(
        "coredns_plugin_enabled", "1 for each plugin of each server block.", "server", "zone", "view", "name");

    public static EnabledPlugins Of(MetricRegistry registry) => ByRegistry.GetValue(registry, static key => new EnabledPlugins(key));

    public void Add(BlockContext block) => Change(block, 1);

    public void Remove(BlockContext block) => Change(block, -1);

    private void Change(BlockContext block, int by)
    {
        var zone = block.Block.Keys[0].Zone.ToString();
        lock (_gate)
        {
            foreach (var (server, name) in block.Servers.SelectMany(server => Names(block).Select(name => (server, name))))
            {
                var key = (server, zone, block.View, name);
                var holders = _holders[key] = _holders.GetValueOrDefault(key) + by;
                if (holders > 0)
                {
                    _family.With(server, zone, block.View, name).Set(1);
                }
                else
                {
                    _family.Remove(server, zone, block.View, name);
                    _holders.Remove(key);
                }
            }
        }
    }

    // A view chooses the block and is no step of the chain here, but it is a plugin to those who look at the metric.
    private static IEnumerable<string> Names(BlockContext block) =>
        block.Plugins.Contains("view") && !block.Steps.Contains("view") ? block.Steps.Append("view") : block.Steps;
}
