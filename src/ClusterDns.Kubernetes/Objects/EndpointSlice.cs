namespace ClusterDns.Kubernetes.Objects;

/// <summary>A part of the endpoints of one Service.</summary>
internal sealed class EndpointSlice : ClusterObject
{
    public const string ServiceNameLabel = "kubernetes.io/service-name";
    public const string MulticlusterServiceNameLabel = "multicluster.kubernetes.io/service-name";
    public const string SourceClusterLabel = "multicluster.kubernetes.io/source-cluster";
    public const string TriggerTimeAnnotation = "endpoints.kubernetes.io/last-change-trigger-time";

    private long _triggered; // ticks of UTC; 0: not said
    private uint _changedAt;

    /// <summary>From the label kubernetes.io/service-name; null where nothing owns the slice.</summary>
    public string? ServiceName { get; init; }

    /// <summary>From the label multicluster.kubernetes.io/service-name: the ServiceImport it belongs to.</summary>
    public string? MulticlusterServiceName { get; init; }

    /// <summary>From the label multicluster.kubernetes.io/source-cluster.</summary>
    public string? SourceCluster { get; init; }

    public AddressType AddressType { get; init; }

    public Endpoint[] Endpoints { get; init; } = [];

    public ServicePort[] Ports { get; init; } = [];

    /// <summary>When the change happened that the endpoint slice controller acted upon, if it said.</summary>
    public DateTimeOffset? TriggerTime
    {
        get => _triggered == 0 ? null : new DateTimeOffset(_triggered, TimeSpan.Zero);
        init => _triggered = value?.UtcTicks ?? 0;
    }

    /// <summary>As <see cref="Service.ChangedAt"/>.</summary>
    public uint ChangedAt
    {
        get => _changedAt;
        init => _changedAt = value;
    }

    /// <summary>
    /// Without its endpoints, which are most of a cluster's objects: the records hold them as octets.
    /// </summary>
    public override ClusterObject Remember(ClusterObject? known)
    {
        if (known is EndpointSlice slice
            && slice.ServiceName == ServiceName
            && slice.MulticlusterServiceName == MulticlusterServiceName
            && slice.SourceCluster == SourceCluster
            && slice.AddressType == AddressType)
        {
            slice.TakeVersionOf(this);
            slice._triggered = _triggered;
            slice._changedAt = _changedAt;
            return slice;
        }

        return new EndpointSlice
        {
            Namespace = Namespace,
            Name = Name,
            ResourceVersion = ResourceVersion,
            ServiceName = ServiceName,
            MulticlusterServiceName = MulticlusterServiceName,
            SourceCluster = SourceCluster,
            AddressType = AddressType,
            TriggerTime = TriggerTime,
            ChangedAt = ChangedAt,
        };
    }
}
