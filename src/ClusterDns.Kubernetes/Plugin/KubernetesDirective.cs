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

        // Where only some addresses are listened on, none of the others is a name server's.
        var local = block.BindAddresses.Count > 0 ? [] : NameServerAnswer.ReadLocalAddresses();
        var shared = block.Services.Shared;
        var key = FollowedCluster.KeyOf(directive, block, options, local);
        var cluster = shared.Acquire(key, () => Create(directive, options, block, local));
        block.OnDiscard(() => _ = shared.Release(key) ? cluster.StopAsync().AsTask() : Task.CompletedTask);
        block.OnStartup(cluster.StartAsync);
        block.OnShutdown(() => shared.Release(key) ? cluster.StopAsync() : ValueTask.CompletedTask);
        var state = cluster.State;
        block.Export(state);
        block.Export(new ClusterMetadata(state));
        block.Export(new ClusterTransfer(state));
        block.Export(new ClusterSearchPath(state, ClusterSearchPath.ReadHost(HostResolver)));
        block.AddReadiness(KubernetesPlugin.Name, () => state.IsComplete);
        block.AddReadinessNote(() => cluster.Freshness.Text, () => cluster.HasSnapshot);
        return next => new KubernetesPlugin(state, next);
    }

    private static FollowedCluster Create(Directive directive, KubernetesOptions options, BlockContext block, byte[][] local)
    {
        var log = new KubernetesLog(block.Services.LoggerFor(KubernetesPlugin.Name));
        var source = CreateSource(directive, options, block, log);
        var state = new KubernetesState(options, block.Services, local, () => source.IsSynced);
        var snapshot = options.Snapshot is { } kept ? new ClusterSnapshot(kept, state, log) : null;
        if (source is ApiSource api && snapshot is not null)
        {
            api.Restore = target => snapshot.Restore(api.Identity, target);
        }

        return new FollowedCluster(
            state, new Freshness(state, source), new Synchronization(state, source, log, snapshot), snapshot is not null);
    }

    private static IObjectSource CreateSource(
        Directive directive, KubernetesOptions options, BlockContext block, KubernetesLog log)
    {
        try
        {
            var metrics = block.Services.Metrics;
            return options.Sync.ManifestFolder is null
                ? new ApiSource(options.Sync, block.Services.Time, new ApiMetrics(metrics), log, new AuditMetrics(metrics))
                : new ManifestSource(options.Sync, block.Services.Time, log);
        }
        catch (SourceConfigurationException exception)
        {
            throw directive.Error(exception.Message);
        }
    }
}
