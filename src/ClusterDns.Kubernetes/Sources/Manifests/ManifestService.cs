using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Sources.Yaml;

namespace ClusterDns.Kubernetes.Sources.Manifests;

/// <summary>A Service as a manifest has it.</summary>
internal sealed class ManifestService : ManifestObject
{
    public ManifestService(YamlValue root)
        : base(root, namespaced: true)
    {
        YamlValue spec = root["spec"];
        Type = spec["type"].Text() switch
        {
            null or "ClusterIP" => ServiceType.ClusterIP,
            "NodePort" => ServiceType.NodePort,
            "LoadBalancer" => ServiceType.LoadBalancer,
            "ExternalName" => ServiceType.ExternalName,
            var other => throw spec["type"].Wrong(
                $"found '{other}', expected ClusterIP, NodePort, LoadBalancer or ExternalName"),
        };
        ExternalName = Type is ServiceType.ExternalName ? spec["externalName"].RequireText("spec.externalName") : null;
        ClusterIPs = spec["clusterIPs"].Items().Read(ClusterIP);
        if (ClusterIPs.Length == 0 && spec["clusterIP"].Text() is not null)
        {
            ClusterIPs = [ClusterIP(spec["clusterIP"])];
        }

        ExternalIPs = spec["externalIPs"].Items().Read(Address);
        Ports = spec["ports"].Items().Read(ReadPort);
        Ingress = root["status"]["loadBalancer"]["ingress"].Items().Read(
            static item => new LoadBalancerIngress(item["ip"].Text(), item["hostname"].Text()));
        Selector = spec["selector"].Pairs();
        PublishNotReadyAddresses = spec["publishNotReadyAddresses"].Boolean();
        Families = ReadFamilies(spec);
    }

    public ServiceType Type { get; }

    public string? ExternalName { get; }

    /// <summary>Empty where the cluster is to choose.</summary>
    public string[] ClusterIPs { get; }

    public string[] ExternalIPs { get; }

    public ManifestPort[] Ports { get; }

    public LoadBalancerIngress[] Ingress { get; }

    /// <summary>Labels of its Pods; empty where somebody else writes its endpoints.</summary>
    public KeyValuePair<string, string>[] Selector { get; }

    public bool PublishNotReadyAddresses { get; }

    /// <summary>At least one, the first being the one of the first address.</summary>
    public AddressType[] Families { get; }

    public bool IsHeadless => ClusterIPs is ["None", ..];

    private static string ClusterIP(YamlValue value) => value.Text() is "None" ? "None" : Address(value);

    private static ManifestPort ReadPort(YamlValue port)
    {
        ushort number = port["port"].Port() is { } given and > 0
            ? given
            : throw port.Wrong("found no port, expected a number from 1 to 65535");
        return new ManifestPort(
            port["name"].Text() ?? "", Protocol(port["protocol"]), number, port["targetPort"].Text() ?? $"{number}");
    }

    private AddressType[] ReadFamilies(YamlValue spec)
    {
        AddressType[] families = spec["ipFamilies"].Items().Read(static item => item.Text() switch
        {
            "IPv4" => AddressType.IPv4,
            "IPv6" => AddressType.IPv6,
            var other => throw item.Wrong($"found '{other}', expected IPv4 or IPv6"),
        });
        if (families.Length > 0)
        {
            return families;
        }

        AddressType[] own = [.. ClusterIPs.Where(item => item != "None").Select(Family).Distinct()];
        AddressType first = own.Length > 0 ? own[0] : AddressType.IPv4;
        return own.Length > 1 || spec["ipFamilyPolicy"].Text() is "RequireDualStack"
            ? [first, first is AddressType.IPv4 ? AddressType.IPv6 : AddressType.IPv4]
            : [first];
    }

    public static AddressType Family(string address) =>
        address.Contains(':', StringComparison.Ordinal) ? AddressType.IPv6 : AddressType.IPv4;
}
