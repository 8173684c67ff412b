using ClusterDns.Kubernetes.Objects;

namespace ClusterDns.Kubernetes.Records;

/// <summary>Cuts EndpointSlices to their records; keeps its room from one to the next. For the writer alone.</summary>
/// <param name="multicluster">Names of endpoints say which cluster they are in.</param>
internal sealed class SliceBuilder(RecordOptions options, PortList ports, bool multicluster)
{
    // What two octets can count in LabelIndex and in the offsets of labels of 64 octets.
    private const int MostEndpoints = 1000;

    private readonly byte[] _addresses = new byte[MostEndpoints * 16];
    private readonly byte[] _labels = new byte[MostEndpoints * 64];
    private readonly ushort[] _labelOffsets = new ushort[MostEndpoints];
    private readonly byte[][] _zones = new byte[MostEndpoints][];
    private int _addressesLength;
    private int _labelsLength;

    public int Count { get; private set; }

    /// <summary>Some label does not follow from its endpoint's address, so that another endpoint may have it too.</summary>
    public bool HasNames { get; private set; }

    /// <summary>Some endpoint has a zone, and zones are asked for.</summary>
    public bool HasZones { get; private set; }

    public ReadOnlySpan<byte> Addresses => _addresses.AsSpan(0, _addressesLength);

    public ReadOnlySpan<byte> Labels => _labels.AsSpan(0, _labelsLength);

    public ReadOnlySpan<ushort> LabelOffsets => _labelOffsets.AsSpan(0, Count);

    public ReadOnlySpan<byte[]> Zones => _zones.AsSpan(0, Count);

    /// <param name="known">An older state, whose parts are used again where they are the same.</param>
    public SliceRecords Build(EndpointSlice slice, ServiceEntry service, SliceRecords? known)
    {
        Count = 0;
        HasNames = false;
        HasZones = false;
        _addressesLength = 0;
        _labelsLength = 0;
        if (slice.AddressType is not AddressType.Other)
        {
            foreach (var endpoint in slice.Endpoints)
            {
                Add(endpoint, slice.AddressType is AddressType.IPv6 ? 16 : 4);
            }
        }

        var cluster = multicluster && slice.SourceCluster is { } name ? LabelText.ToLabel(name) : null;
        return new SliceRecords(this, slice, service, PortList.Share(ports.Create(slice.Ports), known?.Ports), cluster);
    }

    private void Add(Endpoint endpoint, int addressLength)
    {
        if (!endpoint.Ready)
        {
            return;
        }

        Span<byte> address = stackalloc byte[16];
        foreach (var text in endpoint.Addresses)
        {
            // The API allows 1,000 endpoints of one address each; what a folder of manifests holds beyond has no
            // records.
            if (Count == MostEndpoints
                || !AddressText.TryParse(text, address, out var length)
                || length != addressLength)
            {
                continue;
            }

            address[..length].CopyTo(_addresses.AsSpan(_addressesLength));
            _addressesLength += length;
            _labelOffsets[Count] = (ushort)_labelsLength;
            var room = _labels.AsSpan(_labelsLength, 64);
            _labelsLength += EndpointLabel.Write(endpoint, text, options.EndpointPodNames, room, out var isAddress);

            // What is written as an IPv6 address has a label of that form.
            HasNames |= !isAddress || (length == 4 && text.Contains(':', StringComparison.Ordinal));
            var zone = options.Zonal && endpoint.Zone is { } name ? LabelText.ToWireLabels(name) : [];
            _zones[Count] = zone;
            HasZones |= zone.Length > 0;
            Count++;
        }
    }
}
