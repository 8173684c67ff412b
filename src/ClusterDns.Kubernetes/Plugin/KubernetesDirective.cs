using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Kubernetes.Sources;

namespace ClusterDns.Kubernetes.Plugin;

/// <summary>Sets the directive up: its zones, its source, its part in start-up, readiness and shutdown.</summary>
internal static class KubernetesDirective
{
    private const string HostResolver = "/etc/resolv.conf";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        var directive = directives.ExpectOnce();
        var options = KubernetesOptionsReader.Read(directive, block);
        var log = new KubernetesLog(block.Services.LoggerFor(KubernetesPlugin.Name));
        var source = CreateSource(directive, options, block, log);

        // Where only some addresses are listened on, none of the others is a name server's.
        var local = block.BindAddresses.Count > 0 ? [] : NameServerAnswer.ReadLocalAddresses();
        var state = new KubernetesState(options, block.Services, local, () => source.IsSynced);
        var snapshot = options.Snapshot is { } kept ? new ClusterSnapshot(kept, state, log) : null;
        if (source is ApiSource api && snapshot is not null)
        {
            api.Restore = target => snapshot.Restore(api.Identity, target);
        }

        var freshness = new Freshness(state, source);
        var synchronization = new Synchronization(state, source, log, snapshot);
        block.OnStartup(synchronization.StartAsync);
        block.OnStartup(_ =>
        {
            freshness.ShowVersions();
            return ValueTask.CompletedTask;
        });
        block.OnShutdown(synchronization.StopAsync);
        block.Export(state);
        block.Export(new ClusterMetadata(state));
        block.Export(new ClusterTransfer(state));
        block.Export(new ClusterSearchPath(state, ClusterSearchPath.ReadHost(HostResolver)));
        block.AddReadiness(KubernetesPlugin.Name, () => state.IsComplete);
        block.AddReadinessNote(() => freshness.Text, () => snapshot is not null);
        return next => new KubernetesPlugin(state, next);
    }

    private static IObjectSource CreateSource(
        Directive directive, KubernetesOptions options, BlockContext block, KubernetesLog log)
    {
        try
        {
            return options.Sync.ManifestFolder is null
                ? new ApiSource(options.Sync, block.Services.Time, new ApiMetrics(block.Services.Metrics), log)
                : new ManifestSource(options.Sync, block.Services.Time, log);
        }
        catch (SourceConfigurationException exception)
        {
            throw directive.Error(exception.Message);
        }
    }
}
