namespace ClusterDns.Kubernetes.Records;

/// <summary>What a <see cref="SnapshotTable{TEntry}"/> needs of what it holds.</summary>
internal interface ITableEntry
{
    /// <summary>Hash of the entry's key; never changes.</summary>
    ulong Hash { get; }
}
