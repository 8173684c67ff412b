namespace ClusterDns.Kubernetes.Objects;

/// <summary>A Service, cut to what its DNS records are made of.</summary>
internal sealed class Service : ClusterObject
{
    public ServiceType Type { get; init; }

    /// <summary>Addresses as written; "None" alone when headless; empty for ExternalName.</summary>
    public string[] ClusterIPs { get; init; } = [];

    /// <summary>Target of an ExternalName Service as written, else null.</summary>
    public string? ExternalName { get; init; }

    public string[] ExternalIPs { get; init; } = [];

    public LoadBalancerIngress[] Ingress { get; init; } = [];

    public ServicePort[] Ports { get; init; } = [];

    public bool IsHeadless => ClusterIPs is ["None", ..];
}
