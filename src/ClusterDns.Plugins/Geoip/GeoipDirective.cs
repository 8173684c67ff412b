using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Geoip;

/// <summary>Puts where the client is on a query, by a MaxMind database, for those that read labels.</summary>
internal static class GeoipDirective
{
    public static string Name => "geoip";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        var directive = directives.ExpectOnce();
        var file = directive.ExpectArgument();
        var readsSubnet = false;
        foreach (var property in directive.Properties)
        {
            if (property.Name != "edns-subnet")
            {
                throw property.UnknownProperty("edns-subnet");
            }

            property.ExpectNoArguments();
            readsSubnet = true;
        }

        var labels = new GeoLabels(Open(directive, block.ResolvePath(file.Text)), readsSubnet);
        if (!labels.ProvidesPlaces && !labels.ProvidesNetworks)
        {
            throw directive.Error($"the database {CorefileException.Quote(file.Text)} has records neither of cities nor of autonomous systems");
        }

        block.Export(labels);

        // A step in name: what matters happens before the chain runs.
        return static next => next;
    }

    private static GeoDatabase Open(Directive directive, string path)
    {
        try
        {
            return GeoDatabase.Open(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw directive.Error($"failed to open database file {CorefileException.Quote(path)}: {exception.Message}");
        }
    }
}
