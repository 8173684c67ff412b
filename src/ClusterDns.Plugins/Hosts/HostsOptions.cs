using ClusterDns.Core.Corefile;
using ClusterDns.Core.Zones;

namespace ClusterDns.Plugins.Hosts;

/// <summary>The <c>hosts</c> directive, read.</summary>
internal sealed class HostsOptions
{
    private const int MaxTtl = 65535;

    private HostsOptions(string file, ZoneSet zones)
    {
        File = file;
        Zones = zones;
    }

    public string File { get; }

    public ZoneSet Zones { get; }

    public List<HostsLine> Inline { get; } = [];

    /// <summary>Seconds.</summary>
    public uint Ttl { get; private set; } = 3600;

    public bool HasReverse { get; private set; } = true;

    /// <summary>How often the file is looked at; zero: never again.</summary>
    public TimeSpan Reload { get; private set; } = TimeSpan.FromSeconds(5);

    public ZoneSet Fallthrough { get; private set; } = ZoneSet.None;

    /// <summary>Types that a hosts file cannot have fall through too.</summary>
    public bool UnsupportedFallsThrough { get; private set; }

    public static HostsOptions Read(Directive directive)
    {
        var file = directive.Arguments.Count > 0 ? directive.Arguments[0].Text : "/etc/hosts";
        var options = new HostsOptions(file, new ZoneSet(directive.ParseZones(1)));
        Directive? unsupported = null;
        var sawFallthrough = false;
        foreach (var property in directive.Properties)
        {
            switch (property.Name)
            {
                case "ttl":
                    options.Ttl = (uint)property.ExpectArgument().ParseInt(1, MaxTtl);
                    break;
                case "no_reverse":
                    property.ExpectNoArguments();
                    options.HasReverse = false;
                    break;
                case "reload":
                    options.Reload = property.ExpectArgument().ParseDuration();
                    break;
                case "fallthrough":
                    options.Fallthrough = new ZoneSet(property.ParseZones(0, ZoneSet.All.Zones));
                    sawFallthrough = true;
                    break;
                case "fallthrough_unsupported":
                    property.ExpectNoArguments();
                    options.UnsupportedFallsThrough = true;
                    unsupported = property;
                    break;
                case var _ when sawFallthrough:
                    throw property.UnknownProperty("ttl", "no_reverse", "reload", "fallthrough", "fallthrough_unsupported");
                default:
                    if (HostsLine.TryRead(property.Name, property.Arguments.Select(static word => word.Text), out var line))
                    {
                        options.Inline.Add(line);
                    }

                    break;
            }
        }

        return unsupported is null || sawFallthrough
            ? options
            : throw unsupported.Error("fallthrough_unsupported requires fallthrough");
    }
}
