namespace ClusterDns.Kubernetes.Objects;

/// <summary>A namespace; its own <see cref="ClusterObject.Namespace"/> is empty.</summary>
internal sealed class Namespace : ClusterObject
{
    public LabelSet Labels { get; init; }
}
