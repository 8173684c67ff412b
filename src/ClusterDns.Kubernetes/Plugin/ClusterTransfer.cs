using System.Buffers.Binary;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Kubernetes.Records;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Kubernetes.Plugin;

/// <summary>
/// A cluster's zones as transfers show them: the Services and their endpoints, no Pods and no names by zone. Reverse
/// zones are not offered: what they answer is not listed anywhere.
/// </summary>
internal sealed class ClusterTransfer(KubernetesState state) : IZoneTransferSource
{
    private readonly uint _ttl = state.Options.Ttl;

    public IReadOnlyList<DnsName> Zones { get; } =
        [.. state.Options.Zones.Where(static zone => !KubernetesOptionsReader.IsReverse(zone))];

    public uint? FindSerial(DnsName zone) => Find(zone)?.Lookup.Records.Serial;

    public IEnumerable<ResourceRecord> ReadRecords(DnsName zone)
    {
        if (Find(zone) is not { } found)
        {
            yield break;
        }

        // What is in a response is found the way queries find it; here it leaves the response at once.
        var response = new Response();
        ZoneAuthority.Add(response, response.Answer, found.Name.Wire, found.Lookup.Records.Serial, _ttl);
        var authority = Take(response.Answer, found.Name)[0];
        yield return authority;
        state.Servers.AddServers(response, found.Name.Wire, _ttl, addressTtl: 0);
        foreach (var record in Take(response.Answer, found.Name).Concat(Take(response.Additional, found.Name)))
        {
            yield return record;
        }

        var services = found.Lookup.Records.Services.Where(static service => service.Namespace.IsExposed)
            .OrderBy(static service => service.ToString(), StringComparer.Ordinal);
        foreach (var service in services)
        {
            // The same data may come from several slices; a set holds it once (RFC 2181 §5).
            foreach (var record in ReadService(service, found.Name).DistinctBy(static record => new RecordKey(record)))
            {
                yield return record;
            }
        }

        yield return authority;
    }

    private KubernetesZone? Find(DnsName zone) =>
        Zones.Contains(zone) && state.IsComplete ? state.Zones.Find(zone.Span) : null;

    private IEnumerable<ResourceRecord> ReadService(ServiceEntry entry, DnsName zone)
    {
        var name = Name([], [], entry, zone);
        return (name, entry.Records) switch
        {
            (null, _) or (_, null) or (_, { IsHidden: true }) => [],
            (_, { Kind: ServiceKind.ExternalName, Target: { } target }) =>
                [Record(name, RecordType.CNAME, target.Wire)],
            (_, { Kind: ServiceKind.Headless } records) =>
                Addresses(name, records)
                    .Concat(records.Slices.SelectMany(slice => ReadSlice(slice, entry, name, zone))),
            (_, { } records) => Addresses(name, records).Concat(records.Ports.SelectMany(port => ReadPort(port, name))),
        };
    }

    private IEnumerable<ResourceRecord> ReadPort(PortRecord port, DnsName name)
    {
        if (port.Number < 0)
        {
            yield break;
        }

        yield return Record(name, RecordType.SRV, Service(100, port.Number, name));
        if (PortName(port, name) is { } portName)
        {
            yield return Record(portName, RecordType.SRV, Service(100, port.Number, name));
        }
    }

    private IEnumerable<ResourceRecord> ReadSlice(SliceRecords slice, ServiceEntry entry, DnsName name, DnsName zone)
    {
        for (var index = 0; index < slice.Count; index++)
        {
            if (Name(slice.Label(index, new byte[EndpointLabel.LongestIPv4]), slice.Cluster, entry, zone) is not { } endpoint)
            {
                continue;
            }

            yield return Record(endpoint, slice.Type, slice.Address(index).ToArray());
            var weight = Math.Max(1, 100 / slice.Count);
            foreach (var port in slice.Ports)
            {
                if (PortName(port, name) is { } portName)
                {
                    yield return Record(portName, RecordType.SRV, Service(weight, port.Number, endpoint));
                }
            }
        }
    }

    private IEnumerable<ResourceRecord> Addresses(DnsName name, ServiceRecords records) =>
        records.IPv4.Chunk(4).Select(address => Record(name, RecordType.A, address))
            .Concat(records.IPv6.Chunk(16).Select(address => Record(name, RecordType.AAAA, address)));

    private ResourceRecord Record(DnsName owner, RecordType type, byte[] rdata) =>
        new(owner, type, RecordClass.IN, _ttl, rdata);

    // Priority, weight, port, target (RFC 2782).
    private static byte[] Service(int weight, int port, DnsName target)
    {
        var rdata = new byte[6 + target.Wire.Length];
        BinaryPrimitives.WriteUInt16BigEndian(rdata.AsSpan(2), (ushort)weight);
        BinaryPrimitives.WriteUInt16BigEndian(rdata.AsSpan(4), (ushort)port);
        target.Wire.CopyTo(rdata, 6);
        return rdata;
    }

    // Null where the port has no name or the name is too long.
    internal static DnsName? PortName(PortRecord port, DnsName name) =>
        port.Name.Length is 0 or >= NameSpan.MaxLabelLength
            ? null
            : Join(Underscored(port.Name), Underscored(port.Protocol), name.Wire);

    private static byte[] Underscored(byte[] label) => [(byte)(label.Length + 1), (byte)'_', .. label];

    private static DnsName? Name(
        ReadOnlySpan<byte> endpoint, ReadOnlySpan<byte> cluster, ServiceEntry service, DnsName zone)
    {
        byte[] left = cluster.IsEmpty ? endpoint.ToArray() : [.. endpoint, (byte)cluster.Length, .. cluster];
        return Join(left, [.. service.Key, .. "\u0003svc"u8], zone.Wire);
    }

    internal static DnsName? Join(byte[] left, byte[] middle, byte[] right) =>
        left.Length + middle.Length + right.Length > NameSpan.MaxLength
            ? null
            : DnsName.FromWire([.. left, .. middle, .. right]);

    // Copies a section out and empties it.
    internal static List<ResourceRecord> Take(ResponseSection section, DnsName queryName)
    {
        List<ResourceRecord> records = [];
        foreach (ref var record in section.Records)
        {
            var owner = record.Owner.IsQueryName ? queryName : record.Owner.Span.ToName();
            records.Add(new ResourceRecord(owner, record.Type, record.Class, record.Ttl, record.Rdata.ToArray()));
        }

        section.Clear();
        return records;
    }

    /// <summary>Two records of one key are the same record.</summary>
    internal static object KeyOf(ResourceRecord record) => new RecordKey(record);

    private readonly struct RecordKey(ResourceRecord record) : IEquatable<RecordKey>
    {
        private readonly ResourceRecord _record = record;

        public bool Equals(RecordKey other) =>
            _record.Type == other._record.Type
            && _record.Owner == other._record.Owner
            && _record.Rdata.AsSpan().SequenceEqual(other._record.Rdata);

        public override bool Equals(object? obj) => obj is RecordKey other && Equals(other);

        public override int GetHashCode() =>
            HashCode.Combine(_record.Owner, _record.Type, NameHash.Compute(_record.Rdata));
    }
}
