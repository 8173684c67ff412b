using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Sources;

namespace ClusterDns.Kubernetes.Records;

/// <summary>
/// Everything a cluster's zones answer from. One writer, which the source's lock makes; readers never lock. A change
/// makes the records of the one Service it touches anew and moves the addresses it owns, and nothing else.
/// </summary>
internal sealed class ClusterZone : IObjectSink<Service>, IObjectSink<EndpointSlice>
{
    private readonly SnapshotTable<ServiceEntry> _services = new();
    private readonly ServiceBuilder _serviceBuilder;
    private readonly SliceBuilder _sliceBuilder;
    private readonly TimeProvider _time;
    private long _serial;
    private long _version;
    private long _externalSerial;
    private bool _isListed;

    /// <param name="multicluster">The zone of a cluster set.</param>
    public ClusterZone(RecordOptions options, NamespaceIndex namespaces, TimeProvider time, bool multicluster = false)
    {
        var ports = new PortList();
        _serviceBuilder = new ServiceBuilder(options, ports);
        _sliceBuilder = new SliceBuilder(options, ports, multicluster);
        _time = time;
        Namespaces = namespaces;
        Pods = new PodIndex(Changed);
    }

    public NamespaceIndex Namespaces { get; }

    public PodIndex Pods { get; }

    public AddressIndex Addresses { get; } = new();

    /// <summary>Unix time of the last change that moved a record; 0 before any. Read as the SOA serial.</summary>
    public uint Serial => (uint)Volatile.Read(ref _serial);

    /// <summary>By the addresses that Services have outside the cluster.</summary>
    public AddressIndex ExternalAddresses { get; } = new();

    /// <summary>Unix time of the last change of what is reached from outside; 0 before any, the first list left out.</summary>
    public uint ExternalSerial => (uint)Volatile.Read(ref _externalSerial);

    /// <summary>Another number after every change that moved a record.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>How often the records of a Service were made: what a change costs.</summary>
    public long Builds { get; private set; }

    /// <summary>Every Service, in no order, each as it is when met.</summary>
    public IEnumerable<ServiceEntry> Services => _services.Entries;

    /// <param name="key">The labels of service and namespace in wire form, lower-cased.</param>
    public ServiceEntry? Find(ReadOnlySpan<byte> key) => _services.Find(new OctetKey(key));

    public void Upsert(Service? old, Service @new)
    {
        if (GetOrAdd(@new.Namespace, @new.Name) is not { } entry)
        {
            return;
        }

        MoveAddresses(entry, entry.Service, @new);
        Replace(entry, _serviceBuilder.BuildExternal(@new, entry.External));
        entry.Service = @new;
        var known = entry.Records;
        Build(entry);
        if (known is null || !HasSameRecords(known, entry.Records))
        {
            Changed();
        }
    }

    public void Delete(Service old)
    {
        if (Find(old.Namespace, old.Name) is not { } entry)
        {
            return;
        }

        MoveAddresses(entry, entry.Service, null);
        Replace(entry, null);
        entry.Service = null;
        entry.Records = null;
        RemoveIfUnused(entry);
        Changed();
    }

    public void Upsert(EndpointSlice? old, EndpointSlice @new)
    {
        // The label that says whose a slice is can change.
        if (old is not null && old.ServiceName != @new.ServiceName)
        {
            Delete(old);
        }

        if (@new.ServiceName is not { } service || GetOrAdd(@new.Namespace, service) is not { } entry)
        {
            return;
        }

        var position = FindSlice(entry.Slices, @new.Name, out var found);
        var known = found ? entry.Slices[position] : null;
        var records = _sliceBuilder.Build(@new, entry, known);
        if (known is not null && known.IsSame(records))
        {
            return;
        }

        Addresses.Replace(known, records);
        var slices = found ? (SliceRecords[])entry.Slices.Clone() : Insert(entry.Slices, position);
        slices[position] = records;
        entry.Slices = slices;
        Build(entry);
        Changed();
    }

    public void Delete(EndpointSlice old)
    {
        if (old.ServiceName is not { } service || Find(old.Namespace, service) is not { } entry)
        {
            return;
        }

        var position = FindSlice(entry.Slices, old.Name, out var found);
        if (!found)
        {
            return;
        }

        Addresses.Replace(entry.Slices[position], null);
        entry.Slices = [.. entry.Slices.AsSpan(0, position), .. entry.Slices.AsSpan(position + 1)];
        Build(entry);
        RemoveIfUnused(entry);
        Changed();
    }

    // Services; what they are in the first list changed before anybody could have known.
    void IObjectSink<Service>.Synced() => _isListed = true;

    public void Synced()
    {
    }

    private static bool HasSameRecords(ServiceRecords left, ServiceRecords? right) =>
        right is not null
        && left.Kind == right.Kind
        && ReferenceEquals(left.Ports, right.Ports)
        && ReferenceEquals(left.IPv4, right.IPv4)
        && ReferenceEquals(left.IPv6, right.IPv6)
        && left.AddressCount == right.AddressCount
        && left.Target == right.Target;

    private static int FindSlice(SliceRecords[] slices, string name, out bool found)
    {
        var position = 0;
        while (position < slices.Length && string.CompareOrdinal(slices[position].Name, name) < 0)
        {
            position++;
        }

        found = position < slices.Length && slices[position].Name == name;
        return position;
    }

    // Leaves a place to fill at the position.
    private static SliceRecords[] Insert(SliceRecords[] slices, int position)
    {
        var longer = new SliceRecords[slices.Length + 1];
        slices.AsSpan(0, position).CopyTo(longer);
        slices.AsSpan(position).CopyTo(longer.AsSpan(position + 1));
        return longer;
    }

    private void Build(ServiceEntry entry)
    {
        if (entry.Service is { } service)
        {
            Builds++;
            entry.Records = _serviceBuilder.Build(service, entry.Slices, entry.Records);
        }
    }

    private void MoveAddresses(ServiceEntry entry, Service? old, Service? @new)
    {
        Span<byte> octets = stackalloc byte[16];
        Span<char> room = stackalloc char[ServiceAddresses.LongestNumber];
        for (var index = 0; index < old?.Addresses.Count; index++)
        {
            var text = old.Addresses[index, room];
            if (@new?.Addresses.Contains(text) is not true && AddressText.TryParse(text, octets, out var length))
            {
                Addresses.Remove(AddressKey.Of(octets[..length]), entry);
            }
        }

        for (var index = 0; index < @new?.Addresses.Count; index++)
        {
            if (AddressText.TryParse(@new.Addresses[index, room], octets, out var length))
            {
                Addresses.Add(AddressKey.Of(octets[..length]), entry);
            }
        }
    }

    private void Replace(ServiceEntry entry, ExternalRecords? @new)
    {
        var old = entry.External;
        if (ReferenceEquals(old, @new))
        {
            return;
        }

        MoveExternal(entry, old?.IPv4, @new?.IPv4, 4);
        MoveExternal(entry, old?.IPv6, @new?.IPv6, 16);
        entry.External = @new;
        Volatile.Write(ref _version, _version + 1);
        if (_isListed)
        {
            Volatile.Write(ref _externalSerial, _time.GetUtcNow().ToUnixTimeSeconds());
        }
    }

    private void MoveExternal(ServiceEntry entry, byte[]? old, byte[]? @new, int length)
    {
        for (var offset = 0; offset < old?.Length; offset += length)
        {
            var address = old.AsSpan(offset, length);
            if (!HasAddress(@new, address))
            {
                ExternalAddresses.Remove(AddressKey.Of(address), entry);
            }
        }

        for (var offset = 0; offset < @new?.Length; offset += length)
        {
            ExternalAddresses.Add(AddressKey.Of(@new.AsSpan(offset, length)), entry);
        }
    }

    private static bool HasAddress(byte[]? addresses, ReadOnlySpan<byte> address)
    {
        for (var offset = 0; offset < addresses?.Length; offset += address.Length)
        {
            if (address.SequenceEqual(addresses.AsSpan(offset, address.Length)))
            {
                return true;
            }
        }

        return false;
    }

    private void Changed()
    {
        Volatile.Write(ref _serial, _time.GetUtcNow().ToUnixTimeSeconds());
        Volatile.Write(ref _version, _version + 1);
    }

    private ServiceEntry? Find(string space, string service) =>
        LabelText.ToWire(service, space) is { } key ? Find(key) : null;

    private ServiceEntry? GetOrAdd(string space, string service)
    {
        if (LabelText.ToWire(service, space) is not { } key)
        {
            return null;
        }

        var entry = Find(key);
        if (entry is null)
        {
            entry = new ServiceEntry(key, Namespaces.Acquire(key[(key[0] + 2)..]));
            _services.Add(entry);
        }

        return entry;
    }

    private void RemoveIfUnused(ServiceEntry entry)
    {
        if (entry.Service is null && entry.Slices.Length == 0)
        {
            _services.Remove(entry);
            Namespaces.Release(entry.Namespace);
        }
    }
}
