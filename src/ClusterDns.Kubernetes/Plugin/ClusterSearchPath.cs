using System.Collections.Concurrent;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Kubernetes.Records;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Kubernetes.Plugin;

/// <summary>
/// Where a Pod's resolver looks: its namespace, the Services, the zone, then what the host's own looks in.
/// </summary>
/// <param name="host">The search list of the host's resolver.</param>
internal sealed class ClusterSearchPath(KubernetesState state, IReadOnlyList<DnsName> host) : ISearchPathSource
{
    // One list for each zone and namespace that a query came from: no more than there are namespaces.
    private readonly ConcurrentDictionary<(KubernetesZone Zone, string Namespace), DnsName[]> _paths = new();

    public string Name => KubernetesPlugin.Name;

    /// <summary>The search list of a file in resolv.conf(5)'s form; empty where there is no such file.</summary>
    public static IReadOnlyList<DnsName> ReadHost(string path) => File.Exists(path) ? SearchList.Read(path) : [];

    public IReadOnlyList<DnsName>? FindSearchPath(QueryContext query)
    {
        Span<byte> address = stackalloc byte[16];
        address = address[..query.Client.Address.WriteOctets(address)];
        if (state.Zones.Find(query.LowerName) is not { } zone
            || state.Records.Pods.Find(AddressKey.Of(address)) is not { } entry)
        {
            return null;
        }

        // A Pod that shares its node's address is as good as any other that does.
        var pods = entry.Pods;
        if (pods.Count == 0)
        {
            return null;
        }

        var space = pods[0].Namespace;
        var key = (zone, space);
        return _paths.TryGetValue(key, out var path) ? path : _paths.GetOrAdd(key, Create(zone, space));
    }

    private DnsName[] Create(KubernetesZone zone, string space)
    {
        List<DnsName> path = [];
        foreach (var prefix in new[] { space + ".svc", "svc" })
        {
            if (DnsName.TryParse(zone.Name.IsRoot ? prefix : $"{prefix}.{zone.Name}", out var name))
            {
                path.Add(name);
            }
        }

        return [.. path, zone.Name, .. host, DnsName.Root];
    }
}
