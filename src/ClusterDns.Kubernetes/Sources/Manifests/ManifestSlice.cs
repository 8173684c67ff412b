using System.Globalization;
using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Sources.Yaml;

namespace ClusterDns.Kubernetes.Sources.Manifests;

/// <summary>An EndpointSlice that stands in a manifest.</summary>
internal sealed class ManifestSlice : ManifestObject
{
    public ManifestSlice(YamlValue root)
        : base(root, namespaced: true)
    {
        AddressType = root["addressType"].Text() switch
        {
            "IPv4" => AddressType.IPv4,
            "IPv6" => AddressType.IPv6,
            "FQDN" => AddressType.Other,
            var other => throw root["addressType"].Wrong($"found '{other}', expected IPv4, IPv6 or FQDN"),
        };
        Endpoints = root["endpoints"].Items().Read(ReadEndpoint);
        Ports = root["ports"].Items().Read(static port => new ServicePort(
            port["name"].Text() ?? "", Protocol(port["protocol"]), port["port"].Port() ?? 0));
        YamlValue trigger = root["metadata"]["annotations"][EndpointSlice.TriggerTimeAnnotation];
        if (DateTimeOffset.TryParse(trigger.Text(), CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time))
        {
            TriggerTime = time;
        }
    }

    public AddressType AddressType { get; }

    public Endpoint[] Endpoints { get; }

    public ServicePort[] Ports { get; }

    public DateTimeOffset? TriggerTime { get; }

    public string? Label(string key) => Labels.TryGetValue(key, out string? value) ? value : null;

    private Endpoint ReadEndpoint(YamlValue endpoint)
    {
        YamlValue ready = endpoint["conditions"]["ready"];
        YamlValue target = endpoint["targetRef"];
        return new Endpoint
        {
            Addresses = AddressType is AddressType.Other
                ? endpoint["addresses"].Texts()
                : endpoint["addresses"].Items().Read(Address),
            Hostname = endpoint["hostname"].Text(),
            Ready = ready.IsMissing || ready.Boolean(),
            Zone = endpoint["zone"].Text(),
            NodeName = endpoint["nodeName"].Text(),
            TargetKind = target["kind"].Text(),
            TargetName = target["name"].Text(),
        };
    }
}
