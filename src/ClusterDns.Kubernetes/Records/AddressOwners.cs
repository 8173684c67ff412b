namespace ClusterDns.Kubernetes.Records;

/// <summary>Who has an address: Services by their ClusterIP, slices by their endpoints. As they were when it was looked up.</summary>
internal readonly struct AddressOwners
{
    private readonly object? _value;

    /// <param name="value">As <see cref="Value"/> of another one, or null.</param>
    public AddressOwners(AddressKey address, object? value)
    {
        Address = address;
        _value = value;
    }

    private AddressOwners(AddressKey address, object? services, object? slices)
        : this(address, services is null ? slices : slices is null ? services : new Both(services, slices))
    {
    }

    public AddressKey Address { get; }

    /// <summary>One reference to keep it all by, which costs no object where one owner is all there is; null for nobody.</summary>
    public object? Value => _value;

    /// <summary>In the order of their keys.</summary>
    public OneOrMany<ServiceEntry> Services => new(_value switch
    {
        Both both => both.Services,
        ServiceEntry or ServiceEntry[] => _value,
        _ => null,
    });

    /// <summary>In the order of their Services' keys and their own names.</summary>
    public OneOrMany<SliceRecords> Slices => new(_value switch
    {
        Both both => both.Slices,
        SliceRecords or SliceRecords[] => _value,
        _ => null,
    });

    public AddressOwners With(OneOrMany<ServiceEntry> services) => new(Address, services.Value, Slices.Value);

    public AddressOwners With(OneOrMany<SliceRecords> slices) => new(Address, Services.Value, slices.Value);

    private sealed class Both(object services, object slices)
    {
        public object Services { get; } = services;

        public object Slices { get; } = slices;
    }
}
