using System.Globalization;
using ClusterDns.Kubernetes.Objects;

namespace ClusterDns.Kubernetes.Sources.Manifests;

/// <summary>
/// Writes the EndpointSlices of Services with a selector from the Pods that match, as the endpoint slice controller
/// does. A Service that has slices in the manifests keeps those alone.
/// </summary>
internal sealed class EndpointsBuilder
{
    private const string ZoneLabel = "topology.kubernetes.io/zone";

    private readonly Dictionary<ObjectKey, string[]> _addresses;
    private readonly ILookup<string, ManifestPod> _pods;
    private readonly HashSet<ObjectKey> _owners;
    private readonly Dictionary<string, LabelSet> _nodes;

    public EndpointsBuilder(ManifestSet set, Dictionary<ObjectKey, string[]> addresses)
    {
        _addresses = addresses;
        _pods = set.Pods.Where(item => !item.HasEnded).ToLookup(item => item.Namespace);
        _owners = [.. set.Slices.Select(
            item => new ObjectKey(item.Namespace, item.Label(EndpointSlice.ServiceNameLabel) ?? ""))];
        _nodes = set.Nodes.ToDictionary(item => item.Name, item => item.Labels);
    }

    public IEnumerable<EndpointSlice> Build(ManifestService service)
    {
        if (service.Selector.Length == 0 || service.Type is ServiceType.ExternalName || _owners.Contains(service.Key))
        {
            yield break;
        }

        ManifestPod[] pods = [.. _pods[service.Namespace]
            .Where(pod => Array.TrueForAll(service.Selector, wanted =>
                pod.Labels.TryGetValue(wanted.Key, out string? value) && value == wanted.Value))
            .OrderBy(pod => pod.Name, StringComparer.Ordinal)];
        foreach (AddressType family in service.Families)
        {
            // Pods whose named ports have different numbers cannot share a slice.
            int number = 0;
            foreach (IGrouping<string, ManifestPod> group in pods
                .Where(pod => AddressOf(pod, family) is not null)
                .GroupBy(pod => string.Join(' ', PortsOf(service, pod)))
                .OrderBy(group => group.Key, StringComparer.Ordinal))
            {
                string version = family is AddressType.IPv6 ? "6" : "4";
                string name = string.Create(
                    CultureInfo.InvariantCulture, $"{service.Name}-manifest-ipv{version}-{number++}");
                yield return Build(service, family, name, [.. group]);
            }
        }
    }

    private EndpointSlice Build(ManifestService service, AddressType family, string name, ManifestPod[] pods) =>
        ManifestClusterBuilder.Versioned(version => new EndpointSlice
        {
            Name = name,
            Namespace = service.Namespace,
            ResourceVersion = version,
            ServiceName = service.Name,
            AddressType = family,
            Endpoints = [.. pods.Select(pod => Build(service, pod, family))],
            Ports = PortsOf(service, pods[0]),
        });

    private Endpoint Build(ManifestService service, ManifestPod pod, AddressType family) => new()
    {
        Addresses = AddressOf(pod, family) is { } address ? [address] : [],
        // A Pod has a name of its own below the one Service that its subdomain names.
        Hostname = pod.Subdomain == service.Name ? pod.Hostname : null,
        Ready = service.PublishNotReadyAddresses || (pod.IsReady && !pod.Terminating),
        Zone = ZoneOf(pod),
        NodeName = pod.NodeName,
        TargetKind = "Pod",
        TargetName = pod.Name,
    };

    private string? AddressOf(ManifestPod pod, AddressType family) =>
        Array.Find(_addresses[pod.Key], address => ManifestService.Family(address) == family);

    private string? ZoneOf(ManifestPod pod) =>
        pod.NodeName is { } node && _nodes.TryGetValue(node, out LabelSet labels)
            && labels.TryGetValue(ZoneLabel, out string? zone) ? zone
        : pod.Labels.TryGetValue(ZoneLabel, out string? own) ? own
        : null;

    // A name that the Pod's containers do not know leaves the port out.
    private static ServicePort[] PortsOf(ManifestService service, ManifestPod pod) =>
        [.. service.Ports
            .Select(port => (port.Name, port.Protocol, Number: pod.Resolve(port)))
            .Where(port => port.Number is not null)
            .Select(port => new ServicePort(port.Name, port.Protocol, port.Number.GetValueOrDefault()))];
}
