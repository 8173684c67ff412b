namespace ClusterDns.Kubernetes.Records;

/// <summary>Who has an address: Services by their ClusterIP, slices by their endpoints.</summary>
internal sealed class AddressEntry(UInt128 bits) : ITableEntry
{
    private object? _services;
    private object? _slices;

    public UInt128 Bits { get; } = bits;

    public ulong Hash => AddressKey.HashOf(Bits);

    /// <summary>In the order of their keys.</summary>
    public OneOrMany<ServiceEntry> Services
    {
        get => new(Volatile.Read(ref _services));
        set => Volatile.Write(ref _services, value.Value);
    }

    /// <summary>In the order of their Services' keys and their own names.</summary>
    public OneOrMany<SliceRecords> Slices
    {
        get => new(Volatile.Read(ref _slices));
        set => Volatile.Write(ref _slices, value.Value);
    }

    public bool IsEmpty => _services is null && _slices is null;
}
