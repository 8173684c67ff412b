using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Plugins.Backends;

namespace ClusterDns.Plugins.Etcd;

/// <summary>Reads an <c>etcd</c> directive.</summary>
internal static class EtcdDirective
{
    private static readonly Uri DefaultEndpoint = new("http://localhost:2379");

    public static string Name => "etcd";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        // The first occurrence counts, as in CoreDNS.
        var options = Read(directives[0], block);
        var client = new EtcdClient(options, block.Services.Time);
        block.OnShutdown(() =>
        {
            client.Dispose();
            return ValueTask.CompletedTask;
        });
        return next => new EtcdPlugin(next, options, new EtcdRecords(client, options), block.Services);
    }

    public static EtcdOptions Read(Directive directive, BlockContext block)
    {
        var options = new EtcdOptions(
            new ZoneSet(directive.ParseZones()), ["skydns"], [DefaultEndpoint], null, null, null, 30, 86_400, ZoneSet.None);
        foreach (var property in directive.Properties)
        {
            options = property.Name switch
            {
                "path" => options with { Path = ReadPath(property) },
                "endpoint" => options with { Endpoints = ReadEndpoints(property) },
                "credentials" => ReadCredentials(property, options),
                "tls" => options with { Tls = BackendTls.Read(property, block) },
                "min-lease-ttl" => options with { MinLeaseTtl = ReadTtl(property) },
                "max-lease-ttl" => options with { MaxLeaseTtl = ReadTtl(property) },
                "fallthrough" => options with { Fallthrough = new ZoneSet(property.ParseZones(0, ZoneSet.All.Zones)) },
                // Of old versions; they did something once.
                "stubzones" or "debug" or "upstream" => options,
                _ => throw property.UnknownProperty(
                    "path", "endpoint", "credentials", "tls", "min-lease-ttl", "max-lease-ttl", "fallthrough"),
            };
        }

        return options;
    }

    private static string[] ReadPath(Directive property)
    {
        property.ExpectArguments(1);
        return property.Arguments[0].Text.Split('/', StringSplitOptions.RemoveEmptyEntries);
    }

    private static Uri[] ReadEndpoints(Directive property)
    {
        property.ExpectArguments(1);
        return [.. property.Arguments.Select(static argument => ReadEndpoint(argument))];
    }

    private static Uri ReadEndpoint(Token argument)
    {
        var text = argument.Text.Contains("://", StringComparison.Ordinal) ? argument.Text : "http://" + argument.Text;
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw argument.Unexpected("an URL like http://localhost:2379");
    }

    private static EtcdOptions ReadCredentials(Directive property, EtcdOptions options)
    {
        property.ExpectArguments(2, 2);
        return options with { UserName = property.Arguments[0].Text, Password = property.Arguments[1].Text };
    }

    private static uint ReadTtl(Directive property)
    {
        property.ExpectArguments(1);
        return (uint)property.Arguments[0].ParseDurationOrSeconds(TimeSpan.Zero, TimeSpan.FromSeconds(uint.MaxValue)).TotalSeconds;
    }
}
