namespace ClusterDns.Kubernetes.Plugin;

/// <summary>What a name in a cluster's zone has the form of.</summary>
internal enum QuestionKind : byte
{
    /// <summary>Nothing the schema knows.</summary>
    Invalid,

    /// <summary>The zone itself, <c>svc</c> or <c>pod</c>: there for sure, without records.</summary>
    Structure,

    /// <summary><c>NAMESPACE.svc</c></summary>
    ServiceNamespace,

    /// <summary><c>NAMESPACE.pod</c></summary>
    PodNamespace,

    /// <summary>A Service, or something below one.</summary>
    Service,

    /// <summary>A Pod by its address.</summary>
    Pod,
}
