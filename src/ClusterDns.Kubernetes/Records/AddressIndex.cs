namespace ClusterDns.Kubernetes.Records;

/// <summary>Who has which address, for PTR records: kept up to date by what changes, never built anew.</summary>
internal sealed class AddressIndex
{
    private readonly AddressTable<IPv4Key> _ipv4 = new();
    private readonly AddressTable<AddressKey> _ipv6 = new();

    /// <summary>Null where nobody has it.</summary>
    public AddressOwners? Find(AddressKey address) => Get(address) is { Value: not null } owners ? owners : null;

    /// <summary>Puts the addresses of a slice where those of its older state were. For the writer.</summary>
    public void Replace(SliceRecords? old, SliceRecords? @new)
    {
        for (var index = 0; index < old?.Count; index++)
        {
            var address = old.Address(index);
            if (old.FindAddress(address) != index)
            {
                continue;
            }

            // What stays has its older state replaced in its place, so that a reader finds one of the two.
            var owners = Get(AddressKey.Of(address));
            var slices = owners.Slices;
            var position = slices.IndexOf(old);
            var stays = @new is not null && @new.FindAddress(address) >= 0;
            Set(owners.With(stays ? slices.Replace(position, @new!) : slices.RemoveAt(position))); // Not null: it stays.
        }

        for (var index = 0; index < @new?.Count; index++)
        {
            var address = @new.Address(index);
            if (@new.FindAddress(address) == index && (old is null || old.FindAddress(address) < 0))
            {
                Add(Get(AddressKey.Of(address)), @new);
            }
        }
    }

    /// <summary>Adds a Service under an address of its own. For the writer.</summary>
    public void Add(AddressKey address, ServiceEntry service)
    {
        var owners = Get(address);
        var services = owners.Services;
        if (services.IndexOf(service) >= 0)
        {
            return;
        }

        var position = 0;
        while (position < services.Count && services[position].Key.AsSpan().SequenceCompareTo(service.Key) < 0)
        {
            position++;
        }

        Set(owners.With(services.Insert(position, service)));
    }

    /// <summary>For the writer.</summary>
    public void Remove(AddressKey address, ServiceEntry service)
    {
        var owners = Get(address);
        if (owners.Services.IndexOf(service) is >= 0 and var position)
        {
            Set(owners.With(owners.Services.RemoveAt(position)));
        }
    }

    private void Add(AddressOwners owners, SliceRecords slice)
    {
        var slices = owners.Slices;
        var position = 0;
        while (position < slices.Count && Compare(slices[position], slice) < 0)
        {
            position++;
        }

        Set(owners.With(slices.Insert(position, slice)));
    }

    private static int Compare(SliceRecords left, SliceRecords right)
    {
        var order = left.Service.Key.AsSpan().SequenceCompareTo(right.Service.Key);
        return order != 0 ? order : string.CompareOrdinal(left.Name, right.Name);
    }

    private AddressOwners Get(AddressKey address) => new(
        address, address.IsIPv4 ? _ipv4.Find(new IPv4Key((uint)address.Low)) : _ipv6.Find(address));

    private void Set(AddressOwners owners)
    {
        var address = owners.Address;
        if (address.IsIPv4)
        {
            _ipv4.Set(new IPv4Key((uint)address.Low), owners.Value);
        }
        else
        {
            _ipv6.Set(address, owners.Value);
        }
    }
}
