using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Plugins.Aws;
using ClusterDns.Plugins.Backends;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Plugins.Route53;

/// <summary>Serves zones that AWS Route 53 hosts.</summary>
internal static class Route53Directive
{
    private static readonly TimeSpan DefaultRefresh = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LeastRefresh = TimeSpan.FromMilliseconds(1);

    public static string Name => "route53";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block) =>
        HostedZoneHandler.Create(Name, [.. directives.Select(directive => Read(directive, block))], block);

    private static (HostedZones Zones, ZoneSet Fallthrough) Read(Directive directive, BlockContext block)
    {
        var zones = ReadZones(directive);
        var fallthrough = ZoneSet.None;
        var refresh = DefaultRefresh;
        AwsCredentials? key = null;
        string? profile = null;
        string? file = null;
        Uri? endpoint = null;
        foreach (var property in directive.Properties)
        {
            switch (property.Name)
            {
                case "aws_access_key":
                    property.ExpectArguments(2);
                    key = new AwsCredentials(property.Arguments[0].Text, property.Arguments[1].Text);
                    break;
                case "aws_endpoint":
                    endpoint = ReadEndpoint(property.ExpectArgument());
                    break;
                case "credentials":
                    property.ExpectArguments(1, 2);
                    profile = property.Arguments[0].Text;
                    file = property.Arguments.Count > 1 ? block.ResolvePath(property.Arguments[1].Text) : null;
                    break;
                case "fallthrough":
                    fallthrough = new ZoneSet(property.ParseZones(0, ZoneSet.All.Zones));
                    break;
                case "refresh":
                    property.ExpectArguments(1);
                    refresh = property.Arguments[0].ParseDurationOrSeconds(LeastRefresh, GoDuration.LongestTimer);
                    break;
                case "upstream":
                    // Of old versions; aliases that lead out of the zone are always looked up.
                    break;
                default:
                    throw property.UnknownProperty("aws_access_key", "aws_endpoint", "credentials", "fallthrough", "refresh");
            }
        }

        var source = new Route53Source(key, profile, file, endpoint, block.Services);
        return (new HostedZones(directive, zones, source, refresh, block), fallthrough);
    }

    private static List<HostedZone> ReadZones(Directive directive)
    {
        var zones = new List<HostedZone>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var argument in directive.Arguments)
        {
            if (argument.Text.Split(':', 2) is not [{ Length: > 0 } zone, { Length: > 0 } id] || !DnsName.TryParse(zone, out var origin))
            {
                throw argument.Unexpected("ZONE:HOSTED_ZONE_ID");
            }

            if (!seen.Add(argument.Text))
            {
                throw directive.Error($"conflict zone {CorefileException.Quote(argument.Text)}");
            }

            zones.Add(new HostedZone(origin.ToLower(), id));
        }

        return zones;
    }

    private static Uri ReadEndpoint(Token argument) =>
        Uri.TryCreate(argument.Text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw argument.Unexpected("an http or https URL");
}
