using ClusterDns.Core.Corefile;
using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Kubernetes.External;

/// <summary>A parsed <c>k8s_external</c>.</summary>
internal sealed class ExternalOptions
{
    private const int LongestTtl = 3600;

    public required IReadOnlyList<DnsName> Zones { get; init; }

    /// <summary>What stands between a zone and the names of its servers; lower-cased, with the root's label.</summary>
    public DnsName Apex { get; private set; } = DnsName.Parse("dns");

    /// <summary>Seconds.</summary>
    public uint Ttl { get; private set; } = 5;

    /// <summary>Endpoints of headless Services are shown too.</summary>
    public bool ShowsHeadless { get; private set; }

    public ZoneSet Fallthrough { get; private set; } = ZoneSet.None;

    public static ExternalOptions Read(DirectiveGroup directives)
    {
        // CoreDNS takes the zones of the last one and the options of all.
        var options = new ExternalOptions { Zones = directives[directives.Count - 1].ParseZones() };
        foreach (var property in directives.SelectMany(static directive => directive.Properties))
        {
            options.ReadProperty(property);
        }

        return options;
    }

    private void ReadProperty(Directive property)
    {
        switch (property.Name)
        {
            case "apex":
                var apex = property.ExpectArgument();
                Apex = DnsName.TryParse(apex.Text, out var name) && !name.IsRoot
                    ? name.ToLower()
                    : throw apex.Unexpected("a label such as dns");
                break;
            case "ttl":
                Ttl = (uint)property.ExpectArgument().ParseInt(0, LongestTtl);
                break;
            case "headless":
                property.ExpectNoArguments();
                ShowsHeadless = true;
                break;
            case "fallthrough":
                Fallthrough = new ZoneSet(property.ParseZones(0, ZoneSet.All.Zones));
                break;
            default:
                throw property.UnknownProperty("apex", "ttl", "headless", "fallthrough");
        }
    }
}
