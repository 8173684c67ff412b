using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Kubernetes.Plugin;
using ClusterDns.Protocol.Messages;

namespace ClusterDns.Kubernetes.External;

/// <summary>Sets the directive up over the cluster that <c>kubernetes</c> in the same server block knows.</summary>
internal static class ExternalDirective
{
    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        var options = ExternalOptions.Read(directives);
        ZoneTable<ExternalZone> zones;
        try
        {
            zones = new ZoneTable<ExternalZone>(options.Zones.Distinct().Select(
                zone => KeyValuePair.Create(zone, new ExternalZone(zone, options.Apex))));
        }
        catch (ArgumentException exception)
        {
            throw directives[0].Error(exception.Message);
        }

        var transfer = new ExternalTransfer(options, zones);
        block.Export(transfer);
        return next =>
        {
            // Configured behind this directive, so known only now.
            var state = block.Find<KubernetesState>();
            transfer.State = state;
            return state is null ? new Missing(zones, next) : new ExternalPlugin(options, zones, state, next);
        };
    }

    /// <summary>Without a cluster its names cannot be answered; CoreDNS, too, notices that only when it is asked.</summary>
    private sealed class Missing(ZoneTable<ExternalZone> zones, IQueryHandler next) : IQueryHandler
    {
        public ValueTask HandleAsync(QueryContext query)
        {
            if (zones.Find(query.LowerName) is null)
            {
                return next.HandleAsync(query);
            }

            query.Reason = new Reason(ReasonCode.NotReady);
            query.Response.Fail(ResponseCode.ServFail, ExternalPlugin.Name, "plugin/k8s_external: no kubernetes in the server block");
            return ValueTask.CompletedTask;
        }
    }
}
