namespace ClusterDns.Kubernetes.Objects;

/// <summary>What every object of the cluster has: where it is and which of its versions this is. Immutable.</summary>
internal abstract class ClusterObject
{
    /// <summary>Empty for objects outside namespaces.</summary>
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>Opaque: to be compared for equality alone. Empty where the source has no versions.</summary>
    public string ResourceVersion { get; init; } = "";

    public ObjectKey Key => new(Namespace, Name);
}
