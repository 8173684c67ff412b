namespace ClusterDns.Kubernetes.Sources;

/// <summary>What to read and where from, as the directive says it.</summary>
internal sealed record KubernetesSyncOptions
{
    /// <summary>
    /// URL of the API server; null to take it from the kubeconfig file or from the cluster we run in.
    /// </summary>
    public string? Endpoint { get; init; }

    /// <summary>PEM files of `tls CERT KEY CACERT`; only with <see cref="Endpoint"/>.</summary>
    public string? CertificateFile { get; init; }

    public string? KeyFile { get; init; }

    public string? AuthorityFile { get; init; }

    public string? KubeconfigFile { get; init; }

    /// <summary>Context of the kubeconfig file; null for its current one.</summary>
    public string? KubeconfigContext { get; init; }

    /// <summary>A folder of manifests to read instead of an API server; null for the API.</summary>
    public string? ManifestFolder { get; init; }

    /// <summary>Between two comparisons of what is held with what the API server lists; zero: none.</summary>
    public TimeSpan AuditInterval { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Namespaces to watch, each by itself; empty for the whole cluster.</summary>
    public string[] Namespaces { get; init; } = [];

    /// <summary>Selector of Services, EndpointSlices and Pods; empty for all.</summary>
    public string LabelSelector { get; init; } = "";

    /// <summary>Selector of namespaces and ServiceImports; empty for all.</summary>
    public string NamespaceLabelSelector { get; init; } = "";
}
