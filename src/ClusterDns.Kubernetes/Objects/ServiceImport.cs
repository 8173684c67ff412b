namespace ClusterDns.Kubernetes.Objects;

/// <summary>
/// A Service of the cluster set (multicluster.x-k8s.io/v1alpha1), cut to what its records are made of.
/// </summary>
internal sealed class ServiceImport : ClusterObject
{
    /// <summary>"Headless" as the type: endpoints answer, not <see cref="IPs"/>.</summary>
    public bool IsHeadless { get; init; }

    /// <summary>Addresses as written.</summary>
    public string[] IPs { get; init; } = [];

    public ServicePort[] Ports { get; init; } = [];
}
