using ClusterDns.Protocol.Names;

namespace ClusterDns.Kubernetes.Records;

/// <summary>
/// A namespace that something names: its label, and whether the cluster has it and the zone shows it.
/// </summary>
internal sealed class NamespaceEntry(byte[] label) : ITableEntry
{
    private volatile bool _isExposed;

    /// <summary>Lower-cased, without its length octet.</summary>
    public byte[] Label { get; } = label;

    public ulong Hash { get; } = NameHash.Compute64(label);

    public bool IsExposed
    {
        get => _isExposed;
        set => _isExposed = value;
    }

    /// <summary>Services and slices that stand in it; for the writer.</summary>
    public int References { get; set; }

    public override string ToString() => System.Text.Encoding.UTF8.GetString(Label);
}
