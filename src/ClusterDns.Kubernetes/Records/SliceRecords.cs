using System.Runtime.InteropServices;
using ClusterDns.Kubernetes.Objects;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Kubernetes.Records;

/// <summary>
/// The ready endpoints of one EndpointSlice as records need them: addresses, labels, ports. Immutable, a few arrays in
/// all.
/// </summary>
internal sealed class SliceRecords
{
    private readonly byte[] _addresses;
    private readonly byte[] _labels = [];
    private readonly ushort[] _labelOffsets = [];
    private readonly byte[][]? _zones;
    private readonly LabelIndex? _index;

    internal SliceRecords(
        SliceBuilder builder, EndpointSlice slice, ServiceEntry service, PortRecord[] ports, byte[]? cluster)
    {
        Name = slice.Name;
        Service = service;
        Ports = ports;
        Cluster = cluster;
        AddressLength = slice.AddressType is AddressType.IPv6 ? 16 : 4;
        Count = builder.Count;
        HasNames = builder.HasNames;
        _addresses = builder.Addresses.ToArray();
        _zones = builder.HasZones ? builder.Zones.ToArray() : null;
        if (HasLabels)
        {
            _labels = builder.Labels.ToArray();
            _labelOffsets = builder.LabelOffsets.ToArray();
            _index = Count > LabelIndex.LeastEntries ? new LabelIndex(this) : null;
        }
    }

    /// <summary>Of the slice, in its namespace.</summary>
    public string Name { get; }

    public ServiceEntry Service { get; }

    public PortRecord[] Ports { get; }

    /// <summary>Label of the cluster the endpoints are in (multicluster); null for this one.</summary>
    public byte[]? Cluster { get; }

    public int Count { get; }

    /// <summary>Some label does not follow from its endpoint's address: another endpoint may have the same.</summary>
    public bool HasNames { get; }

    /// <summary>4 or 16.</summary>
    public int AddressLength { get; }

    public RecordType Type => AddressLength == 4 ? RecordType.A : RecordType.AAAA;

    /// <summary>The addresses one behind the other, for records to point into.</summary>
    public byte[] Addresses => _addresses;

    public ReadOnlySpan<byte> Address(int index) => _addresses.AsSpan(index * AddressLength, AddressLength);

    // Labels of IPv4 addresses take a third of what a slice would take, and are written in no time.
    private bool HasLabels => HasNames || AddressLength != 4;

    /// <summary>With its length octet.</summary>
    /// <param name="room"><see cref="EndpointLabel.LongestIPv4"/> octets, which the result may lie in.</param>
    public ReadOnlySpan<byte> Label(int index, Span<byte> room) => HasLabels
        ? _labels.AsSpan(_labelOffsets[index], _labels[_labelOffsets[index]] + 1)
        : EndpointLabel.Write(Address(index), room);

    /// <summary>The endpoint's zone as lower-cased labels in wire form; empty where it has none or zones are not kept.</summary>
    public ReadOnlySpan<byte> Zone(int index) => _zones is null ? [] : _zones[index];

    /// <summary>
    /// True where the endpoint is in the zone, given as lower-cased labels in wire form; false where zones are not
    /// kept.
    /// </summary>
    public bool IsIn(int index, ReadOnlySpan<byte> zone) => _zones is not null && zone.SequenceEqual(_zones[index]);

    /// <summary>
    /// The first endpoint from <paramref name="from"/> on with this label (length octet included), or -1.
    /// </summary>
    public int FindLabel(ReadOnlySpan<byte> label, int from = 0)
    {
        if (!HasLabels)
        {
            Span<byte> address = stackalloc byte[4];
            return EndpointLabel.TryRead(label, address) ? FindAddress(address, from) : -1;
        }

        if (_index is not null && from == 0)
        {
            return _index.Find(label);
        }

        if (_index is { HasDuplicates: false })
        {
            return -1;
        }

        for (var index = from; index < Count; index++)
        {
            if (label.SequenceEqual(Label(index, [])))
            {
                return index;
            }
        }

        return -1;
    }

    /// <summary>The first endpoint from <paramref name="from"/> on with this address, or -1.</summary>
    public int FindAddress(ReadOnlySpan<byte> address, int from = 0)
    {
        if (address.Length != AddressLength)
        {
            return -1;
        }

        if (AddressLength == 4)
        {
            // Compared as they stand in memory: the order of octets does not matter for equality.
            var all = MemoryMarshal.Cast<byte, uint>(_addresses.AsSpan(from * 4));
            var found = all.IndexOf(MemoryMarshal.Read<uint>(address));
            return found < 0 ? -1 : found + from;
        }

        for (var index = from; index < Count; index++)
        {
            if (address.SequenceEqual(Address(index)))
            {
                return index;
            }
        }

        return -1;
    }

    /// <summary>True where both make the same records.</summary>
    public bool IsSame(SliceRecords other)
    {
        return ReferenceEquals(Service, other.Service)
            && AddressLength == other.AddressLength
            && _addresses.AsSpan().SequenceEqual(other._addresses)
            && _labels.AsSpan().SequenceEqual(other._labels)
            && PortList.AreSame(Ports, other.Ports)
            && (Cluster ?? []).AsSpan().SequenceEqual(other.Cluster)
            && HasSameZones(other);
    }

    private bool HasSameZones(SliceRecords other)
    {
        for (var index = 0; index < Count; index++)
        {
            if (!(_zones?[index] ?? []).AsSpan().SequenceEqual(other._zones?[index]))
            {
                return false;
            }
        }

        return true;
    }
}
