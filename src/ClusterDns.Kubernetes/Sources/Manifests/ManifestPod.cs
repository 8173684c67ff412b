using ClusterDns.Kubernetes.Sources.Yaml;

namespace ClusterDns.Kubernetes.Sources.Manifests;

/// <summary>A Pod as a manifest has it.</summary>
internal sealed class ManifestPod : ManifestObject
{
    private readonly Dictionary<(string Name, string Protocol), ushort> _ports = [];

    public ManifestPod(YamlValue root)
        : base(root, namespaced: true)
    {
        YamlValue spec = root["spec"];
        YamlValue status = root["status"];
        Hostname = spec["hostname"].Text();
        Subdomain = spec["subdomain"].Text();
        NodeName = spec["nodeName"].Text();
        Addresses = status["podIPs"].Items().Read(static item => Address(item["ip"]));
        if (Addresses.Length == 0 && status["podIP"].Text() is not null)
        {
            Addresses = [Address(status["podIP"])];
        }

        // As somebody wrote it, and not as a cluster runs it: it is taken to run and to be ready.
        IsPlain = status.IsMissing;
        string? phase = status["phase"].Text();
        HasEnded = phase is "Succeeded" or "Failed";
        IsReady = ReadReady(status, phase);
        ReadPorts(spec["containers"]);
        ReadPorts(spec["initContainers"]);
    }

    /// <summary>
    /// Of either family, the primary one first; empty where it has none yet or the cluster is to choose.
    /// </summary>
    public string[] Addresses { get; }

    public bool IsPlain { get; }

    public bool HasEnded { get; }

    public bool IsReady { get; }

    public string? Hostname { get; }

    public string? Subdomain { get; }

    public string? NodeName { get; }

    /// <summary>The number behind a Service's target; null if no container has a port of that name.</summary>
    public ushort? Resolve(in ManifestPort port) =>
        ushort.TryParse(port.Target, out ushort number) ? number
        : _ports.TryGetValue((port.Target, port.Protocol), out ushort named) ? named
        : null;

    private void ReadPorts(YamlValue containers)
    {
        foreach (YamlValue container in containers.Items())
        {
            foreach (YamlValue port in container["ports"].Items())
            {
                ushort number = port["containerPort"].Port()
                    ?? throw port.Wrong("found no containerPort, expected a number");
                _ports.TryAdd((port["name"].Text() ?? "", Protocol(port["protocol"])), number);
            }
        }
    }

    private static bool ReadReady(YamlValue status, string? phase)
    {
        bool any = false;
        foreach (YamlValue condition in status["conditions"].Items())
        {
            any = true;
            if (condition["type"].Text() is "Ready")
            {
                return condition["status"].Text() is "True";
            }
        }

        return !any && phase is null or "Running";
    }
}
