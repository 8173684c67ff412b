namespace ClusterDns.Kubernetes.Objects;

/// <summary>A namespace; its own <see cref="ClusterObject.Namespace"/> is empty.</summary>
internal sealed class Namespace : ClusterObject
{
    public LabelSet Labels { get; init; }

    public override bool HasContentOf(ClusterObject other) => other is Namespace space && Labels.Equals(space.Labels);
}
