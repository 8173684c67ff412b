using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Kubernetes.External;
using ClusterDns.Kubernetes.Plugin;
using ClusterDns.UnitTests.Kubernetes.Plugin;

namespace ClusterDns.UnitTests.Kubernetes.External;

/// <summary><c>k8s_external</c> in front of <c>kubernetes</c> over objects that a test gives.</summary>
internal static class ExternalHarness
{
    public static ExternalOptions Options(string directive) => ExternalOptions.Read(
        CorefileReader.ReadText($". {{\n {directive}\n}}\n", "Corefile", static _ => null).Blocks[0].DirectivesNamed(ExternalPlugin.Name));

    public static ZoneTable<ExternalZone> Zones(ExternalOptions options) =>
        new(options.Zones.Select(zone => KeyValuePair.Create(zone, new ExternalZone(zone, options.Apex))));

    public static ClusterHarness Create(
        string directive = "k8s_external ex.test", bool synced = true, byte[][]? local = null, uint clusterTtl = 5)
    {
        var options = Options(directive);
        var cluster = ClusterHarness.Options();
        return new ClusterHarness(
            new KubernetesOptions { Zones = cluster.Zones, PrimaryZone = cluster.PrimaryZone, Ttl = clusterTtl },
            synced,
            local,
            (KubernetesState state, IQueryHandler next) => new ExternalPlugin(options, Zones(options), state, next));
    }
}
