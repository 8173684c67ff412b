namespace ClusterDns.Kubernetes.Records;

/// <summary>Who has which address, for PTR records: kept up to date by what changes, never built anew.</summary>
internal sealed class AddressIndex
{
    private readonly SnapshotTable<AddressEntry> _entries = new();

    public AddressEntry? Find(AddressKey address) => _entries.Find(address);

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
            var entry = _entries.Find(new AddressKey(address))!; // Not null: the older state was added.
            var slices = entry.Slices;
            var position = slices.IndexOf(old);
            if (@new is not null && @new.FindAddress(address) >= 0)
            {
                entry.Slices = slices.Replace(position, @new);
            }
            else
            {
                entry.Slices = slices.RemoveAt(position);
                RemoveIfEmpty(entry);
            }
        }

        for (var index = 0; index < @new?.Count; index++)
        {
            var address = @new.Address(index);
            if (@new.FindAddress(address) == index && (old is null || old.FindAddress(address) < 0))
            {
                Add(GetOrAdd(new AddressKey(address)), @new);
            }
        }
    }

    /// <summary>Adds a Service under an address of its own. For the writer.</summary>
    public void Add(AddressKey address, ServiceEntry service)
    {
        var entry = GetOrAdd(address);
        var services = entry.Services;
        if (services.IndexOf(service) >= 0)
        {
            return;
        }

        var position = 0;
        while (position < services.Count && services[position].Key.AsSpan().SequenceCompareTo(service.Key) < 0)
        {
            position++;
        }

        entry.Services = services.Insert(position, service);
    }

    /// <summary>For the writer.</summary>
    public void Remove(AddressKey address, ServiceEntry service)
    {
        if (_entries.Find(address) is { } entry && entry.Services.IndexOf(service) is >= 0 and var position)
        {
            entry.Services = entry.Services.RemoveAt(position);
            RemoveIfEmpty(entry);
        }
    }

    private static void Add(AddressEntry entry, SliceRecords slice)
    {
        var slices = entry.Slices;
        var position = 0;
        while (position < slices.Count && Compare(slices[position], slice) < 0)
        {
            position++;
        }

        entry.Slices = slices.Insert(position, slice);
    }

    private static int Compare(SliceRecords left, SliceRecords right)
    {
        var order = left.Service.Key.AsSpan().SequenceCompareTo(right.Service.Key);
        return order != 0 ? order : string.CompareOrdinal(left.Name, right.Name);
    }

    private AddressEntry GetOrAdd(AddressKey address)
    {
        var entry = _entries.Find(address);
        if (entry is null)
        {
            entry = new AddressEntry(address.Bits);
            _entries.Add(entry);
        }

        return entry;
    }

    private void RemoveIfEmpty(AddressEntry entry)
    {
        if (entry.IsEmpty)
        {
            _entries.Remove(entry);
        }
    }
}
