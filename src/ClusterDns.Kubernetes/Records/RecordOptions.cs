namespace ClusterDns.Kubernetes.Records;

/// <summary>What of the directive decides which records there are.</summary>
internal sealed record RecordOptions
{
    /// <summary>An endpoint without a hostname is named after its Pod.</summary>
    public bool EndpointPodNames { get; init; }

    /// <summary>A Service with an address of its own but no ready endpoint does not exist.</summary>
    public bool IgnoreEmptyService { get; init; }

    /// <summary>Keep the zones of endpoints.</summary>
    public bool Zonal { get; init; }

    /// <summary>Namespaces to show; empty: all there are.</summary>
    public IReadOnlySet<string> Namespaces { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    public bool Shows(string space) => Namespaces.Count == 0 || Namespaces.Contains(space);
}
