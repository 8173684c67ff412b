namespace ClusterDns.Kubernetes.Plugin;

/// <summary>What a name turned out to stand for.</summary>
internal enum MatchKind : byte
{
    /// <summary>The name does not exist.</summary>
    NameError,

    /// <summary>It exists and has no records of its own.</summary>
    Empty,

    /// <summary>A Service with addresses of its own.</summary>
    ClusterIP,

    /// <summary>All endpoints of a headless Service.</summary>
    AllEndpoints,

    /// <summary>Some endpoints of a Service.</summary>
    SomeEndpoints,

    /// <summary>An ExternalName Service.</summary>
    Alias,

    /// <summary>A Pod, or an address that might be one's.</summary>
    Pod,

    /// <summary>The zone's own name server.</summary>
    NameServer,
}
