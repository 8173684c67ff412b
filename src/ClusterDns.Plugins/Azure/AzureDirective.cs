using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Plugins.Backends;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Plugins.Azure;

/// <summary>Serves zones that Azure DNS hosts.</summary>
internal static class AzureDirective
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMinutes(1);

    public static string Name => "azure";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block) =>
        HostedZoneHandler.Create(Name, [.. directives.Select(directive => Read(directive, block))], block);

    private static (HostedZones Zones, ZoneSet Fallthrough) Read(Directive directive, BlockContext block)
    {
        var zones = ReadZones(directive);
        var options = new AzureOptions(AzureCloud.Public, "", null, null, null, false);
        var fallthrough = ZoneSet.None;
        foreach (var property in directive.Properties)
        {
            switch (property.Name)
            {
                case "subscription":
                    options = options with { Subscription = FirstOf(property).Text };
                    break;
                case "tenant":
                    options = options with { Tenant = FirstOf(property).Text };
                    break;
                case "client":
                    options = options with { Client = FirstOf(property).Text };
                    break;
                case "secret":
                    options = options with { Secret = FirstOf(property).Text };
                    break;
                case "environment":
                    options = options with { Cloud = ReadCloud(property) };
                    break;
                case "access":
                    options = options with { IsPrivate = ReadAccess(FirstOf(property)) };
                    break;
                case "fallthrough":
                    fallthrough = new ZoneSet(property.ParseZones(0, ZoneSet.All.Zones));
                    break;
                default:
                    throw property.UnknownProperty("subscription", "tenant", "client", "secret", "environment", "access", "fallthrough");
            }
        }

        return (new HostedZones(directive, zones, new AzureSource(options, block.Services), Refresh, block), fallthrough);
    }

    private static List<HostedZone> ReadZones(Directive directive)
    {
        var zones = new List<HostedZone>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var argument in directive.Arguments)
        {
            if (argument.Text.Split(':', 2) is not [{ Length: > 0 }, { Length: > 0 } zone] || !DnsName.TryParse(zone, out var origin))
            {
                throw argument.Unexpected("RESOURCE_GROUP:ZONE");
            }

            if (!seen.Add(argument.Text))
            {
                throw directive.Error($"conflict zone {CorefileException.Quote(argument.Text)}");
            }

            zones.Add(new HostedZone(origin.ToLower(), argument.Text));
        }

        return zones;
    }

    private static Token FirstOf(Directive property)
    {
        property.ExpectArguments(1);
        return property.Arguments[0];
    }

    private static AzureCloud ReadCloud(Directive property)
    {
        var word = FirstOf(property);
        try
        {
            return AzureCloud.Find(word.Text)
                ?? throw word.Unexpected("AzurePublicCloud, AzureChinaCloud, AzureGermanCloud, AzureUSGovernmentCloud or AzureStackCloud");
        }
        catch (BackendException exception)
        {
            throw property.Error($"cannot set azure environment: {exception.Message}");
        }
    }

    private static bool ReadAccess(Token word) => word.Text switch
    {
        "public" => false,
        "private" => true,
        _ => throw word.Unexpected("public or private"),
    };
}
