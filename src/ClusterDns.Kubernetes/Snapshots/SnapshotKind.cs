namespace ClusterDns.Kubernetes.Snapshots;

/// <summary>What a frame of the file holds. The numbers are the file's: never give one another meaning.</summary>
internal enum SnapshotKind : byte
{
    End = 0,
    Namespace = 1,
    Service = 2,
    Slice = 3,
    Pod = 4,
    Import = 5,
    ImportSlice = 6,
}
