namespace ClusterDns.Kubernetes.Objects;

/// <summary>One endpoint of an EndpointSlice; what the API leaves out is null.</summary>
internal sealed class Endpoint
{
    /// <summary>As written; the controllers write exactly one.</summary>
    public string[] Addresses { get; init; } = [];

    public string? Hostname { get; init; }

    /// <summary>An unknown state counts as ready.</summary>
    public bool Ready { get; init; } = true;

    public string? Zone { get; init; }

    public string? NodeName { get; init; }

    /// <summary>"Pod" for what the controllers write.</summary>
    public string? TargetKind { get; init; }

    public string? TargetName { get; init; }
}
