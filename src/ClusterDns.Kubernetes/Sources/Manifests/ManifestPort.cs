namespace ClusterDns.Kubernetes.Sources.Manifests;

/// <summary>A port of a Service with where it leads on a Pod.</summary>
/// <param name="Target">A number, or the name of a container's port.</param>
internal readonly record struct ManifestPort(string Name, string Protocol, ushort Port, string Target);
