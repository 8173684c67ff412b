using ClusterDns.Kubernetes.Records;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Kubernetes.External;

/// <summary>
/// What a name of a zone stands for, read from the right: <c>[PORT.PROTOCOL. | ENDPOINT.] SERVICE.NAMESPACE.ZONE</c>.
/// Borrows from the name.
/// </summary>
internal ref struct ExternalMatch
{
    private const int MostLabels = 128;

    /// <summary>Set where the name has a Service's records.</summary>
    public ServiceEntry? Service { get; private set; }

    /// <summary>Set where those are the Service's own.</summary>
    public ExternalRecords? External { get; private set; }

    /// <summary>Set where those are its endpoints'.</summary>
    public ServiceRecords? Headless { get; private set; }

    /// <summary>With its length octet; empty: all of them.</summary>
    public ReadOnlySpan<byte> Endpoint { get; private set; }

    /// <summary>Without the underscore; empty: any port.</summary>
    public ReadOnlySpan<byte> Port { get; private set; }

    /// <summary>Without the underscore; empty: any protocol.</summary>
    public ReadOnlySpan<byte> Protocol { get; private set; }

    /// <summary>Pairs of an address and a port: what the weight of SRV records is shared among.</summary>
    public int Count { get; private set; }

    /// <summary>The name exists, with records or without.</summary>
    public bool Exists { get; private set; }

    /// <param name="name">Lower-cased; below the zone.</param>
    /// <param name="headless">Endpoints of headless Services are shown.</param>
    public static ExternalMatch Find(NameSpan name, ExternalZone zone, ClusterZone records, bool headless)
    {
        Span<byte> offsets = stackalloc byte[MostLabels];
        var match = default(ExternalMatch);
        var left = name.LabelOffsets(offsets) - zone.Labels;
        if (records.Namespaces.Find(name.LabelAt(offsets[left - 1])) is not { IsExposed: true })
        {
            return match;
        }

        if (left == 1)
        {
            match.Exists = true;
            return match;
        }

        switch (left)
        {
            case 2:
                break;
            case 3:
                match.Endpoint = name.Wire[..(name.Wire[0] + 1)];
                break;
            case 4:
                match.Port = WithoutUnderscore(name.LabelAt(offsets[0]));
                match.Protocol = WithoutUnderscore(name.LabelAt(offsets[1]));
                break;
            default:
                return match;
        }

        var namespaceOffset = offsets[left - 1];
        var key = name.Wire[offsets[left - 2]..(namespaceOffset + name.Wire[namespaceOffset] + 1)];
        if (records.Find(key) is { } service)
        {
            match.Read(service, headless);
        }

        return match;
    }

    /// <summary>What a Service has below a zone, for transfers.</summary>
    public static ExternalMatch Of(
        ServiceEntry service, bool headless, ReadOnlySpan<byte> endpoint = default, PortRecord port = default)
    {
        var match = new ExternalMatch { Endpoint = endpoint, Port = port.Name, Protocol = port.Protocol };
        match.Read(service, headless);
        return match;
    }

    public readonly bool Matches(in PortRecord port) => port.Matches(Port, Protocol);

    private void Read(ServiceEntry service, bool headless)
    {
        var external = service.External;
        var records = service.Records;
        if (external is null && headless && records is not null && (records.Kind is ServiceKind.Headless || !Endpoint.IsEmpty))
        {
            Headless = records;
            Count = CountEndpoints(records);
        }
        else if (external is not null)
        {
            External = external;
            Count = external.Count * CountPorts(external.Ports);
        }

        Exists = Count > 0;
        Service = Exists ? service : null;
    }

    private readonly int CountEndpoints(ServiceRecords records)
    {
        var count = 0;
        foreach (var slice in records.Slices)
        {
            var ports = CountPorts(slice.Ports);
            var endpoints = Endpoint.IsEmpty ? slice.Count : 0;
            for (var index = FirstEndpoint(slice); !Endpoint.IsEmpty && index >= 0; index = slice.FindLabel(Endpoint, index + 1))
            {
                endpoints++;
            }

            count += ports * endpoints;
        }

        return count;
    }

    private readonly int FirstEndpoint(SliceRecords slice) => Endpoint.IsEmpty ? -1 : slice.FindLabel(Endpoint);

    private readonly int CountPorts(PortRecord[] ports)
    {
        var count = 0;
        foreach (ref readonly var port in ports.AsSpan())
        {
            count += Matches(in port) ? 1 : 0;
        }

        return count;
    }

    private static ReadOnlySpan<byte> WithoutUnderscore(ReadOnlySpan<byte> label) => label[0] == '_' ? label[1..] : label;
}
