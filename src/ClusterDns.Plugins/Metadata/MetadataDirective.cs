using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;

namespace ClusterDns.Plugins.Metadata;

/// <summary>
/// Lets directives put labels on a query, for those that read them (<c>log</c>, <c>rewrite</c>, <c>template</c>, and
/// <c>view</c> while the block is chosen).
/// </summary>
internal sealed class MetadataDirective
{
    private readonly ZoneSet _zones;
    private readonly Lazy<IMetadataProvider[]> _providers;
    private readonly Func<QueryContext, string> _viewName;
    private readonly BlockContext _block;

    private MetadataDirective(ZoneSet zones, BlockContext block)
    {
        _zones = zones;
        _block = block;
        _providers = new Lazy<IMetadataProvider[]>(() => [.. block.FindAll<IMetadataProvider>()]);
        _viewName = _ => block.View;
    }

    public static string Name => "metadata";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        var directive = directives.ExpectOnce();
        directive.ExpectNoBlock();
        block.CollectMetadata = new MetadataDirective(new ZoneSet(directive.ParseZones()), block).Collect;

        // A step in name: what matters happens before the chain runs.
        return static next => next;
    }

    private void Collect(QueryContext query)
    {
        var values = query.CollectMetadata();
        if (!_zones.Contains(query.LowerName))
        {
            return;
        }

        if (_block.View.Length > 0)
        {
            values.Set("view/name", _viewName);
        }

        foreach (var provider in _providers.Value)
        {
            provider.Provide(query, values);
        }
    }
}
