namespace ClusterDns.Kubernetes.Objects;

/// <summary>A Pod, cut to what its address record and the metadata of a query from it need.</summary>
internal sealed class Pod : ClusterObject
{
    /// <summary>The primary address as written; null until the Pod has one.</summary>
    public string? PodIP { get; init; }

    /// <summary>It has been asked to stop: no records are made for it.</summary>
    public bool Terminating { get; init; }

    public LabelSet Labels { get; init; }

    public override bool HasContentOf(ClusterObject other) =>
        other is Pod pod && PodIP == pod.PodIP && Terminating == pod.Terminating && Labels.Equals(pod.Labels);
}
