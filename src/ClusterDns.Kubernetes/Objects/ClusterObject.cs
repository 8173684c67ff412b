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

    /// <summary>
    /// What a source keeps of the object once its sink has it: the object itself, or one with less in it where sinks
    /// keep
    /// what they need by themselves.
    /// </summary>
    public virtual ClusterObject Remembered => this;
}
