namespace ClusterDns.Kubernetes.Records;

/// <summary>A key to search a <see cref="SnapshotTable{TEntry}"/> with; may borrow its octets from a query.</summary>
internal interface ITableKey<in TEntry>
{
    ulong Hash { get; }

    bool Matches(TEntry entry);
}
