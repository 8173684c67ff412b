using ClusterDns.Kubernetes.Objects;

namespace ClusterDns.Kubernetes.Records;

/// <summary>The Pods that have an address; more than one where they share their node's.</summary>
internal sealed class PodEntry(AddressKey address) : ITableEntry
{
    private object? _pods;

    public AddressKey Address { get; } = address;

    public ulong Hash => Address.Hash;

    public OneOrMany<Pod> Pods
    {
        get => new(Volatile.Read(ref _pods));
        set => Volatile.Write(ref _pods, value.Value);
    }
}
