using ClusterDns.Core.Zones;
using ClusterDns.Kubernetes.Records;
using ClusterDns.Kubernetes.Sources;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Kubernetes.Plugin;

/// <summary>What the directive says.</summary>
internal sealed record KubernetesOptions
{
    public const uint DefaultTtl = 5;

    /// <summary>Lower-cased, each once.</summary>
    public required IReadOnlyList<DnsName> Zones { get; init; }

    /// <summary>The first zone that is not a reverse one: names in PTR records are in it.</summary>
    public required DnsName PrimaryZone { get; init; }

    /// <summary>Those of <see cref="Zones"/> that answer for the cluster set.</summary>
    public IReadOnlyList<DnsName> MulticlusterZones { get; init; } = [];

    /// <summary>Seconds.</summary>
    public uint Ttl { get; init; } = DefaultTtl;

    public PodMode PodMode { get; init; }

    /// <summary>Nothing is known of endpoints.</summary>
    public bool NoEndpoints { get; init; }

    public ZoneSet Fallthrough { get; init; } = ZoneSet.None;

    /// <summary>How long the start waits for the cluster.</summary>
    public TimeSpan StartupTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Null without a snapshot.</summary>
    public SnapshotOptions? Snapshot { get; init; }

    public RecordOptions Records { get; init; } = new();

    public KubernetesSyncOptions Sync { get; init; } = new();
}
