using System.Net;
using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Sources.Json;

namespace ClusterDns.Kubernetes.Sources.Manifests;

/// <summary>
/// Fills in what a cluster would: addresses of Services and Pods, namespaces, endpoints of Services with a selector.
/// What a manifest says itself stays.
/// </summary>
internal sealed class ManifestClusterBuilder
{
    private const string NamespaceNameLabel = "kubernetes.io/metadata.name";

    private readonly ManifestSet _set;
    private readonly KubernetesSyncOptions _options;
    private readonly TextPool _pool = new();
    private readonly LabelSelector _labels;
    private readonly LabelSelector _namespaceLabels;
    private readonly AddressPool _service4 = new(IPAddress.Parse("10.96.0.0"));
    private readonly AddressPool _service6 = new(IPAddress.Parse("fd00:96::"));
    private readonly AddressPool _pod4 = new(IPAddress.Parse("10.244.0.0"));
    private readonly Dictionary<ObjectKey, string[]> _podAddresses = [];

    private ManifestClusterBuilder(ManifestSet set, KubernetesSyncOptions options)
    {
        _set = set;
        _options = options;
        _labels = LabelSelector.Parse(options.LabelSelector);
        _namespaceLabels = LabelSelector.Parse(options.NamespaceLabelSelector);
    }

    /// <exception cref="SourceConfigurationException">
    /// A selector is none, or a range of addresses is used up.
    /// </exception>
    public static ManifestCluster Build(ManifestSet set, KubernetesSyncOptions options) =>
        new ManifestClusterBuilder(set, options).Build();

    private ManifestCluster Build()
    {
        AssignPods();
        Dictionary<ObjectKey, string[]> serviceAddresses = AssignServices();
        EndpointsBuilder endpoints = new(_set, _podAddresses);
        ManifestService[] services = [.. Chosen(_set.Services)];
        return new ManifestCluster(
            BuildNamespaces(),
            [.. services.Select(item => Build(item, AddressesOf(item, serviceAddresses)))],
            [.. Chosen(_set.Slices).Select(Build), .. services.SelectMany(endpoints.Build)],
            [.. Chosen(_set.Pods).Where(item => !item.HasEnded).Select(Build)],
            [.. _set.Imports
                .Where(item => IsInScope(item.Namespace) && _namespaceLabels.Matches(item.Labels)).Select(Build)]);
    }

    private IEnumerable<T> Chosen<T>(IEnumerable<T> items)
        where T : ManifestObject =>
        items.Where(item => IsInScope(item.Namespace) && _labels.Matches(item.Labels));

    private bool IsInScope(string @namespace) =>
        _options.Namespaces.Length == 0 || Array.IndexOf(_options.Namespaces, @namespace) >= 0;

    private void AssignPods()
    {
        foreach (string address in _set.Pods.SelectMany(item => item.Addresses))
        {
            _pod4.Reserve(address);
        }

        // In the order of names, so that a collision ends the same way each time.
        foreach (ManifestPod pod in InOrder(_set.Pods))
        {
            _podAddresses[pod.Key] = pod.Addresses.Length > 0 ? pod.Addresses
                : pod.IsPlain ? [Take(_pod4, pod)]
                : [];
        }
    }

    private Dictionary<ObjectKey, string[]> AssignServices()
    {
        foreach (string address in _set.Services.SelectMany(item => item.ClusterIPs))
        {
            _service4.Reserve(address);
            _service6.Reserve(address);
        }

        // Most of a cluster's have theirs.
        Dictionary<ObjectKey, string[]> addresses = [];
        foreach (ManifestService service in InOrder(_set.Services.Where(static item => item.ClusterIPs.Length == 0)))
        {
            addresses[service.Key] = service.Type is ServiceType.ExternalName ? []
                : [.. service.Families.Select(family =>
                    Take(family is AddressType.IPv6 ? _service6 : _service4, service))];
        }

        return addresses;
    }

    private static string[] AddressesOf(ManifestService service, Dictionary<ObjectKey, string[]> assigned) =>
        service.Type is ServiceType.ExternalName ? []
        : service.ClusterIPs.Length > 0 ? service.ClusterIPs
        : assigned[service.Key];

    private static IEnumerable<T> InOrder<T>(IEnumerable<T> items)
        where T : ManifestObject =>
        items.OrderBy(item => item.Key.ToString(), StringComparer.Ordinal);

    private static string Take(AddressPool pool, ManifestObject item) =>
        pool.Take(item.Key.ToString()) ?? throw item.Place.Wrong($"found no free address for {item.Key}");

    private Namespace[] BuildNamespaces()
    {
        Dictionary<string, LabelSet> namespaces = _set.Namespaces.ToDictionary(item => item.Name, item => item.Labels);
        foreach (ManifestObject item in Enumerable.Concat<ManifestObject>(_set.Services, _set.Pods)
            .Concat(_set.Slices).Concat(_set.Imports))
        {
            namespaces.TryAdd(item.Namespace, default);
        }

        return [.. namespaces
            .Select(pair => (Name: pair.Key, Labels: WithName(pair.Value, pair.Key)))
            .Where(item => _namespaceLabels.Matches(item.Labels))
            .Select(item => Versioned(version => new Namespace
            {
                Name = item.Name,
                Namespace = "",
                ResourceVersion = version,
                Labels = item.Labels,
            }))];
    }

    private static LabelSet WithName(LabelSet labels, string name) => labels.TryGetValue(NamespaceNameLabel, out _)
        ? labels
        : new LabelSet([.. labels.Pairs, new(NamespaceNameLabel, name)]);

    private Service Build(ManifestService item, string[] addresses)
    {
        ServicePort[] ports = _pool.Get(
            Array.ConvertAll(item.Ports, static port => new ServicePort(port.Name, port.Protocol, port.Port)));
        return Versioned(version => new Service
        {
            Name = item.Name,
            Namespace = item.Namespace,
            ResourceVersion = version,
            Type = item.Type,
            ClusterIPs = addresses,
            ExternalName = item.ExternalName,
            ExternalIPs = item.ExternalIPs,
            Ingress = item.Ingress,
            Ports = ports,
        });
    }

    private static EndpointSlice Build(ManifestSlice item) => Versioned(version => new EndpointSlice
    {
        Name = item.Name,
        Namespace = item.Namespace,
        ResourceVersion = version,
        ServiceName = item.Label(EndpointSlice.ServiceNameLabel),
        MulticlusterServiceName = item.Label(EndpointSlice.MulticlusterServiceNameLabel),
        SourceCluster = item.Label(EndpointSlice.SourceClusterLabel),
        AddressType = item.AddressType,
        Endpoints = item.Endpoints,
        Ports = item.Ports,
        TriggerTime = item.TriggerTime,
    });

    private Pod Build(ManifestPod item) => Versioned(version => new Pod
    {
        Name = item.Name,
        Namespace = item.Namespace,
        ResourceVersion = version,
        PodIP = _podAddresses[item.Key].FirstOrDefault(),
        Terminating = item.Terminating,
        Labels = item.Labels,
    });

    private static ServiceImport Build(ManifestImport item) => Versioned(version => new ServiceImport
    {
        Name = item.Name,
        Namespace = item.Namespace,
        ResourceVersion = version,
        IsHeadless = item.IsHeadless,
        IPs = item.IPs,
        Ports = item.Ports,
    });

    internal static T Versioned<T>(Func<string, T> build)
        where T : ClusterObject => build(Fingerprint.Of(build("")));
}
