using System.Text.Json;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Plugins.Backends;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Plugins.Clouddns;

/// <summary>Serves zones that Google Cloud DNS hosts.</summary>
internal static class ClouddnsDirective
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMinutes(1);

    public static string Name => "clouddns";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block) =>
        HostedZoneHandler.Create(Name, [.. directives.Select(directive => Read(directive, block))], block);

    private static (HostedZones Zones, ZoneSet Fallthrough) Read(Directive directive, BlockContext block)
    {
        var zones = ReadZones(directive);
        var fallthrough = ZoneSet.None;
        GoogleCredentialsFile? file = null;
        foreach (var property in directive.Properties)
        {
            switch (property.Name)
            {
                case "credentials":
                    property.ExpectArguments(1);
                    file = ReadFile(property, block.ResolvePath(property.Arguments[0].Text));
                    break;
                case "fallthrough":
                    fallthrough = new ZoneSet(property.ParseZones(0, ZoneSet.All.Zones));
                    break;
                case "upstream":
                    // Of old versions; aliases that lead out of the zone are always looked up.
                    break;
                default:
                    throw property.UnknownProperty("credentials", "fallthrough");
            }
        }

        var source = new ClouddnsSource(file ?? ReadDefault(directive), block.Services);
        return (new HostedZones(directive, zones, source, Refresh, block), fallthrough);
    }

    private static List<HostedZone> ReadZones(Directive directive)
    {
        var zones = new List<HostedZone>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var argument in directive.Arguments)
        {
            if (argument.Text.Split(':', 3) is not [{ Length: > 0 } zone, { Length: > 0 } project, { Length: > 0 } name]
                || !DnsName.TryParse(zone, out var origin))
            {
                throw argument.Unexpected("ZONE:PROJECT:HOSTED_ZONE");
            }

            if (!seen.Add(argument.Text))
            {
                throw directive.Error($"conflict zone {CorefileException.Quote(argument.Text)}");
            }

            zones.Add(new HostedZone(origin.ToLower(), $"{project}:{name}"));
        }

        return zones;
    }

    // Where Google's own tools look; null: the machine's identity.
    private static GoogleCredentialsFile? ReadDefault(Directive directive)
    {
        if (Environment.GetEnvironmentVariable("GOOGLE_APPLICATION_CREDENTIALS") is { Length: > 0 } named)
        {
            return ReadFile(directive, named);
        }

        var home = Environment.GetEnvironmentVariable("HOME") ?? "";
        var known = Path.Combine(home, ".config", "gcloud", "application_default_credentials.json");
        return File.Exists(known) ? ReadFile(directive, known) : null;
    }

    private static GoogleCredentialsFile ReadFile(Directive line, string path)
    {
        try
        {
            var file = JsonSerializer.Deserialize(File.ReadAllText(path), BackendJson.Default.GoogleCredentialsFile);
            return file?.Type switch
            {
                "service_account" or "authorized_user" => file,
                null or "" => throw line.Error($"invalid credentials file {path}: missing `type` field in credential"),
                "external_account" or "impersonated_service_account" =>
                    throw line.Error($"invalid credentials file {path}: the type {file.Type} is not supported, expected service_account or authorized_user"),
                _ => throw line.Error($"invalid credentials file {path}: unknown credential type: {CorefileException.Quote(file.Type)}"),
            };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            throw line.Error($"invalid credentials file {path}: {BackendHttp.Excerpt(exception.Message)}");
        }
    }
}
