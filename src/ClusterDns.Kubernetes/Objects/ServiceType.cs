namespace ClusterDns.Kubernetes.Objects;

/// <summary>The forms of a Service.</summary>
internal enum ServiceType : byte
{
    ClusterIP,
    NodePort,
    LoadBalancer,
    ExternalName,
}
