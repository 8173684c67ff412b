namespace ClusterDns.Kubernetes.Objects;

/// <summary>Names one object among those of its kind.</summary>
internal readonly record struct ObjectKey(string Namespace, string Name)
{
    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";
}
