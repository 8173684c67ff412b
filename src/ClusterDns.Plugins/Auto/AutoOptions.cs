using ClusterDns.Core.Corefile;
using ClusterDns.Core.Patterns;
using ClusterDns.Core.Zones;

namespace ClusterDns.Plugins.Auto;

/// <summary>An <c>auto</c> directive, read.</summary>
/// <param name="Directory">As the Corefile names it.</param>
/// <param name="FileName">Which files are zone files.</param>
/// <param name="Origin">What their names say the zone's name is: <c>{1}</c> stands for the first group.</param>
/// <param name="Reload">How often the directory is looked at; zero: never again.</param>
/// <param name="Fallthrough">Null where the directive does not speak of it.</param>
internal sealed record AutoOptions(
    ZoneSet Zones, string Directory, Pattern FileName, OriginTemplate Origin, TimeSpan Reload, ZoneSet? Fallthrough)
{
    private static readonly TimeSpan DefaultReload = TimeSpan.FromMinutes(1);

    public static AutoOptions Read(Directive directive)
    {
        Token? directory = null;
        var pattern = Pattern.Parse(@"db\.(.*)");
        var template = OriginTemplate.Default;
        var reload = DefaultReload;
        ZoneSet? fallthrough = null;
        foreach (var property in directive.Properties)
        {
            switch (property.Name)
            {
                case "directory":
                    property.ExpectArguments(1, 3);
                    directory = property.Arguments[0];
                    if (property.Arguments.Count > 1)
                    {
                        property.ExpectArguments(3, 3);
                        pattern = ReadPattern(property.Arguments[1]);
                        template = OriginTemplate.Read(property.Arguments[2], pattern.GroupCount);
                    }

                    break;
                case "reload":
                    reload = property.ExpectArgument().ParseDuration(TimeSpan.Zero, GoDuration.LongestTimer);
                    break;
                case "fallthrough":
                    fallthrough = new ZoneSet(property.ParseZones(0, ZoneSet.All.Zones));
                    break;
                case "upstream":
                    // Of old versions; aliases that lead out of the zone are always looked up.
                    break;
                default:
                    throw property.UnknownProperty("directory", "reload", "fallthrough");
            }
        }

        return new AutoOptions(
            new ZoneSet(directive.ParseZones()),
            directory?.Text ?? throw directive.Error("found no 'directory', expected one with zone files"),
            pattern,
            template,
            reload,
            fallthrough);
    }

    private static Pattern ReadPattern(Token word)
    {
        try
        {
            var pattern = Pattern.Parse(word.Text);
            return pattern.GroupCount > 0
                ? pattern
                : throw word.Unexpected("a regular expression with at least one group, such as db\\.(.*)");
        }
        catch (PatternException exception)
        {
            throw word.Unexpected($"a regular expression ({exception.Message})");
        }
    }
}
