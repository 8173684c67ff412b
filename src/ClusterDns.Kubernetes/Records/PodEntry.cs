using ClusterDns.Kubernetes.Objects;

namespace ClusterDns.Kubernetes.Records;

/// <summary>The Pods that have an address; more than one where they share their node's.</summary>
internal sealed class PodEntry(UInt128 bits) : ITableEntry
{
    private object? _pods;

    public UInt128 Bits { get; } = bits;

    public ulong Hash => AddressKey.HashOf(Bits);

    public OneOrMany<Pod> Pods
    {
        get => new(Volatile.Read(ref _pods));
        set => Volatile.Write(ref _pods, value.Value);
    }
}
