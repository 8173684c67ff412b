using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Sources.Yaml;

namespace ClusterDns.Kubernetes.Sources.Manifests;

/// <summary>A ServiceImport that stands in a manifest.</summary>
internal sealed class ManifestImport : ManifestObject
{
    public ManifestImport(YamlValue root)
        : base(root, namespaced: true)
    {
        YamlValue spec = root["spec"];
        IsHeadless = spec["type"].Text() switch
        {
            "Headless" => true,
            null or "ClusterSetIP" => false,
            var other => throw spec["type"].Wrong($"found '{other}', expected ClusterSetIP or Headless"),
        };
        IPs = spec["ips"].Items().Read(Address);
        Ports = spec["ports"].Items().Read(static port => new ServicePort(
            port["name"].Text() ?? "", Protocol(port["protocol"]), port["port"].Port() ?? 0));
    }

    public bool IsHeadless { get; }

    public string[] IPs { get; }

    public ServicePort[] Ports { get; }
}
