namespace ClusterDns.Kubernetes.Objects;

/// <summary>
/// Where a load balancer answers for a Service: an address, a name, or both; what is missing is null.
/// </summary>
internal readonly record struct LoadBalancerIngress(string? IP, string? Hostname);
