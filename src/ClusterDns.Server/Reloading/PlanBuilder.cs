using System.Net;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Server.Admin;

namespace ClusterDns.Server.Reloading;

/// <summary>Compiles a Corefile into a plan; nothing is bound or started yet.</summary>
internal sealed class PlanBuilder(ServerServices services, HttpEndpoints endpoints, int dnsPort)
{
    private static readonly HashSet<string> Known =
        PluginOrder.Plugins.Select(static plugin => plugin.Name).ToHashSet(StringComparer.Ordinal);

    private static readonly IPAddress?[] Wildcard = [null];

    // An address that stays keeps its identity, and with it the series that were resolved for it.
    private readonly Dictionary<ListenAddress, ListenerIdentity> _identities = [];

    /// <exception cref="CorefileException">The operator's mistake.</exception>
    public ServerPlan Build(CorefileDocument document)
    {
        var routes = new ListenRoutes();
        var blocks = new List<BlockContext>();

        // What a plan that failed half-way has left.
        endpoints.Take();
        try
        {
            foreach (var block in document.Blocks)
            {
                Add(block, blocks, routes);
            }
        }
        catch
        {
            blocks.ForEach(static block => block.Discard());
            throw;
        }

        var groups = routes.All.Select(entry => new ListenGroup(
            entry.Address,
            Identity(entry.Address),
            new QueryRouter(entry.Routes, services),
            [.. entry.Routes.Select(static route => route.Block).Distinct()]));
        return new ServerPlan([.. groups], blocks, endpoints.Take());
    }

    private void Add(ServerBlock block, List<BlockContext> blocks, ListenRoutes routes)
    {
        ExpectKnown(block);
        var context = new BlockContext(block, services) { Plan = blocks };
        blocks.Add(context);
        var chain = BuildChain(context);
        foreach (var key in block.Keys)
        {
            foreach (var address in AddressesOf(context))
            {
                routes.Add(AddressOf(key, address), new BlockRoute(key.Zone, context, chain), key);
            }
        }
    }

    private static void ExpectKnown(ServerBlock block)
    {
        foreach (var directive in block.Directives)
        {
            if (!Known.Contains(directive.Name))
            {
                throw new CorefileException(directive.File, directive.Line, $"Unknown directive '{directive.Name}'");
            }
        }
    }

    private ListenAddress AddressOf(ServerKey key, IPAddress? address) => new(key.Scheme, address, key.PortOr(dnsPort));

    private ListenerIdentity Identity(ListenAddress address)
    {
        if (!_identities.TryGetValue(address, out var identity))
        {
            _identities[address] = identity = new ListenerIdentity(address.Label, _identities.Count);
        }

        return identity;
    }

    // Configured in running order.
    private IQueryHandler? BuildChain(BlockContext context)
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
        context.Steps = factories.ConvertAll(static step => step.Name);
        context.Servers = [.. AddressesOf(context).Select(address => AddressOf(context.Block.Keys[0], address).Label)];
        return factories.Count == 0 ? null : StepChain.Build(context, factories, new EndOfChain(factories[^1].Name));
    }

    private static IReadOnlyList<IPAddress?> AddressesOf(BlockContext context) =>
        context.BindAddresses.Count == 0 ? Wildcard : context.BindAddresses;
}
