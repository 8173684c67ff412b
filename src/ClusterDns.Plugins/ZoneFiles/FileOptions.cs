using ClusterDns.Core.Corefile;
using ClusterDns.Core.Zones;

namespace ClusterDns.Plugins.ZoneFiles;

/// <summary>A <c>file</c> directive, read.</summary>
/// <param name="Source">Where the Corefile names the file, for errors about it.</param>
/// <param name="Reload">How often the file is looked at; zero: never again.</param>
/// <param name="Fallthrough">Null where the directive does not speak of it.</param>
/// <param name="ByTime">A new time of the file is enough; else its SOA must have a new serial.</param>
internal sealed record FileOptions(Token Source, ZoneSet Zones, TimeSpan Reload, bool ByTime, ZoneSet? Fallthrough)
{
    private static readonly TimeSpan DefaultReload = TimeSpan.FromMinutes(1);

    public static FileOptions Read(Directive directive)
    {
        directive.ExpectArguments(1);
        var reload = DefaultReload;
        var byTime = false;
        ZoneSet? fallthrough = null;
        foreach (var property in directive.Properties)
        {
            switch (property.Name)
            {
                case "reload":
                    reload = property.ExpectArgument().ParseDuration();
                    break;
                case "reload_by_mtime":
                    property.ExpectNoArguments();
                    byTime = true;
                    break;
                case "fallthrough":
                    fallthrough = new ZoneSet(property.ParseZones(0, ZoneSet.All.Zones));
                    break;
                case "upstream":
                    // Of old versions; aliases that lead out of the zone are always looked up.
                    break;
                default:
                    throw property.UnknownProperty("reload", "reload_by_mtime", "fallthrough");
            }
        }

        return new FileOptions(directive.Arguments[0], new ZoneSet(directive.ParseZones(1)), reload, byTime, fallthrough);
    }
}
