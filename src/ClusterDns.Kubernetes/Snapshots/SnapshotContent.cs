using ClusterDns.Kubernetes.Records;

namespace ClusterDns.Kubernetes.Snapshots;

/// <summary>What a snapshot is taken of. Read as queries read it: without a lock, each object as it is when met.</summary>
/// <param name="Imports">Of the cluster set; null without one.</param>
internal sealed record SnapshotContent(ClusterZone Records, ClusterZone? Imports);
