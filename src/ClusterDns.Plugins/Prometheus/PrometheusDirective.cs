using System.Net;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Prometheus;

/// <summary>Reads <c>prometheus [ADDRESS]</c> and serves the metrics at <c>/metrics</c> there.</summary>
internal static class PrometheusDirective
{
    private const int DefaultPort = 9153;

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        var directive = directives.ExpectOnce();
        directive.ExpectArguments(0, 1);
        foreach (var property in directive.Properties)
        {
            Read(property);
        }

        var address = directive.Arguments.Count > 0
            ? HttpAddress.Parse(directive.Arguments[0])
            : new HttpAddress(IPAddress.Loopback, DefaultPort);
        var services = block.Services;
        StartUpFamilies.Register(services.Metrics, services.Version);
        services.Unrouted ??= new DroppedQueries(services).Count;
        var page = new MetricsPage(services.Metrics);
        services.Http.Map(address, "/metrics", page.Render, directive);
        var enabled = EnabledPlugins.Of(services.Metrics);
        var isCounted = false;
        block.OnStartup(_ =>
        {
            enabled.Add(block);
            isCounted = true;
            return ValueTask.CompletedTask;
        });
        block.OnShutdown(() =>
        {
            if (isCounted)
            {
                enabled.Remove(block);
            }

            return ValueTask.CompletedTask;
        });
        return next => new PrometheusPlugin(next, block);
    }

    private static void Read(Directive property)
    {
        switch (property.Name)
        {
            case "runtime_metrics":
                // The runtime's families are always there.
                property.ExpectNoBlock();
                break;
            case "tls":
                throw property.Error("this build serves metrics over plain HTTP only: remove 'tls' and bind to localhost");
            default:
                throw property.UnknownProperty("runtime_metrics", "tls");
        }
    }
}
