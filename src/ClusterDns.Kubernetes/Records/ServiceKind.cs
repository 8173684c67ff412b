namespace ClusterDns.Kubernetes.Records;

/// <summary>How a Service answers.</summary>
internal enum ServiceKind : byte
{
    /// <summary>With addresses of its own.</summary>
    ClusterIP,

    /// <summary>With those of its endpoints.</summary>
    Headless,

    /// <summary>With another name.</summary>
    ExternalName,
}
