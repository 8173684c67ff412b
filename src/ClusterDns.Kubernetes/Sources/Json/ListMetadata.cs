namespace ClusterDns.Kubernetes.Sources.Json;

/// <summary>What a list says about itself.</summary>
/// <param name="ResourceVersion">Where a watch goes on from.</param>
/// <param name="Continue">Token for the next page; null on the last.</param>
internal readonly record struct ListMetadata(string ResourceVersion, string? Continue);
