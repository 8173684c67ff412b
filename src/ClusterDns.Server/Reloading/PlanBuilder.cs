using System.Net;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Server.Reloading;

/// <summary>Compiles a Corefile into a plan; nothing is bound or started yet.</summary>
internal sealed class PlanBuilder(ServerServices services, int dnsPort)
{
    private static readonly Dictionary<string, int> Known = PluginOrder.Plugins
        .Select(static (plugin, index) => (plugin.Name, index))
        .ToDictionary(static entry => entry.Name, static entry => entry.index, StringComparer.Ordinal);

    private static readonly IPAddress?[] Wildcard = [null];

    private int _listeners;

    /// <exception cref="CorefileException">The operator's mistake.</exception>
    public ServerPlan Build(CorefileDocument document)
    {
        var routes = new Dictionary<ListenAddress, List<BlockRoute>>();
        var blocks = new List<BlockContext>();
        foreach (var block in document.Blocks)
        {
            foreach (var directive in block.Directives)
            {
                if (!Known.ContainsKey(directive.Name))
                {
                    throw new CorefileException(directive.File, directive.Line, $"Unknown directive '{directive.Name}'");
                }
            }

            var context = new BlockContext(block, services);
            blocks.Add(context);
            var chain = BuildChain(context);
            foreach (var key in block.Keys)
            {
                foreach (var address in AddressesOf(context))
                {
                    var listen = new ListenAddress(key.Scheme, address, key.PortOr(dnsPort));
                    AddRoute(routes, listen, new BlockRoute(key.Zone, context, chain), key);
                }
            }
        }

        var groups = routes.Select(entry => new ListenGroup(
            entry.Key,
            new ListenerIdentity(entry.Key.Label, _listeners++),
            new QueryRouter(entry.Value, services),
            [.. entry.Value.Select(static route => route.Block).Distinct()]));
        return new ServerPlan([.. groups], blocks);
    }

    // Configured in running order; put together from the end, because each step needs the one behind it.
    private static IQueryHandler? BuildChain(BlockContext context)
    {
        var factories = new List<(string Name, PluginFactory Factory)>();
        var plugins = new List<string>();
        foreach (var plugin in PluginOrder.Plugins)
        {
            var directives = context.Block.DirectivesNamed(plugin.Name);
            if (directives.Count == 0)
            {
                continue;
            }

            plugins.Add(plugin.Name);
            if (plugin.Configure(directives, context) is { } factory)
            {
                factories.Add((plugin.Name, factory));
            }
        }

        context.Plugins = plugins;
        if (factories.Count == 0)
        {
            return null;
        }

        IQueryHandler chain = new EndOfChain(factories[^1].Name);
        for (var index = factories.Count - 1; index >= 0; index--)
        {
            chain = factories[index].Factory(chain);
        }

        return chain;
    }

    private static IReadOnlyList<IPAddress?> AddressesOf(BlockContext context) =>
        context.BindAddresses.Count == 0 ? Wildcard : context.BindAddresses;

    private static void AddRoute(
        Dictionary<ListenAddress, List<BlockRoute>> routes, ListenAddress listen, BlockRoute route, ServerKey key)
    {
        if (!routes.TryGetValue(listen, out var served))
        {
            routes[listen] = served = [];
        }

        // Blocks that views filter may share a zone with one that none does.
        if (route.Block.Filters.Count == 0 && served.Any(other => other.Zone == route.Zone && other.Block.Filters.Count == 0))
        {
            throw new CorefileException(
                key.Source.File, key.Source.Line, $"cannot serve {key.SchemeText}://{route.Zone}:{listen.Port} - it is already defined");
        }

        served.Add(route);
    }
}
