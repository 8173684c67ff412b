using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Kubernetes.Records;

/// <summary>Where a Service answers outside the cluster: its external addresses and its load balancers'. Immutable.</summary>
internal sealed class ExternalRecords
{
    /// <summary>The A records' RDATA one behind the other, each once.</summary>
    public required byte[] IPv4 { get; init; }

    /// <summary>The AAAA records' RDATA one behind the other, each once.</summary>
    public required byte[] IPv6 { get; init; }

    /// <summary>Names of load balancers, each once.</summary>
    public required DnsName[] Targets { get; init; }

    /// <summary>Addresses and names, those written twice counted twice: each port counts so often.</summary>
    public required int Count { get; init; }

    /// <summary>Those of the Service, never empty.</summary>
    public required PortRecord[] Ports { get; init; }

    public bool HasAddresses => IPv4.Length + IPv6.Length > 0;

    public byte[] Addresses(RecordType type) => type is RecordType.A ? IPv4 : type is RecordType.AAAA ? IPv6 : [];

    /// <summary>True where both make the same records.</summary>
    public bool IsSame(ExternalRecords other) =>
        Count == other.Count
        && IPv4.AsSpan().SequenceEqual(other.IPv4)
        && IPv6.AsSpan().SequenceEqual(other.IPv6)
        && Targets.AsSpan().SequenceEqual(other.Targets)
        && PortList.AreSame(Ports, other.Ports);
}
