using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Kubernetes.Records;

/// <summary>
/// What one Service answers, ready to copy. Immutable: a change makes another one. SRV records are put together from it
/// when asked for, because they repeat its name once for each port and endpoint.
/// </summary>
internal sealed class ServiceRecords
{
    public required ServiceKind Kind { get; init; }

    /// <summary>
    /// The A records' RDATA one behind the other, each once: a Service's own, or those of its endpoints.
    /// </summary>
    public byte[] IPv4 { get; init; } = [];

    /// <summary>The AAAA records' RDATA one behind the other, each once.</summary>
    public byte[] IPv6 { get; init; } = [];

    /// <summary>
    /// Addresses of a Service of its own, those written twice counted twice: each port counts so often.
    /// </summary>
    public int AddressCount { get; init; }

    /// <summary>Those of the Service, never empty.</summary>
    public required PortRecord[] Ports { get; init; }

    /// <summary>Of an ExternalName Service, in the case it was written in.</summary>
    public DnsName? Target { get; init; }

    /// <summary>Its endpoints.</summary>
    public required SliceRecords[] Slices { get; init; }

    /// <summary>False where it is known that no two endpoints have a label or an address in common.</summary>
    public bool MayRepeat { get; init; } = true;

    /// <summary>
    /// Has addresses of its own but no ready endpoint, and the directive says that such a one does not exist.
    /// </summary>
    public bool IsHidden { get; init; }

    public byte[] Addresses(RecordType type) => type is RecordType.A ? IPv4 : type is RecordType.AAAA ? IPv6 : [];
}
