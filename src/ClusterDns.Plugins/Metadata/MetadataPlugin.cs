using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;

namespace ClusterDns.Plugins.Metadata;

/// <summary>Lets directives put labels on a query, for those that read them (<c>log</c>, <c>rewrite</c>, <c>template</c>).</summary>
internal sealed class MetadataPlugin(IQueryHandler next, ZoneSet zones, BlockContext block) : IPlugin
{
    private readonly Lazy<IMetadataProvider[]> _providers = new(() => [.. block.FindAll<IMetadataProvider>()]);

    public static string Name => "metadata";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        var directive = directives.ExpectOnce();
        directive.ExpectNoBlock();
        var zones = new ZoneSet(directive.ParseZones());
        return next => new MetadataPlugin(next, zones, block);
    }

    public ValueTask HandleAsync(QueryContext query)
    {
        if (zones.Contains(query.LowerName))
        {
            var values = query.CollectMetadata();
            if (block.View.Length > 0)
            {
                values.Set("view/name", static query => query.Block?.View ?? "");
            }

            foreach (var provider in _providers.Value)
            {
                provider.Provide(query, values);
            }
        }

        return next.HandleAsync(query);
    }
}
