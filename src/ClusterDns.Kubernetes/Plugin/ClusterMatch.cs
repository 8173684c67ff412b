using ClusterDns.Core.Pipeline;
using ClusterDns.Kubernetes.Records;

namespace ClusterDns.Kubernetes.Plugin;

/// <summary>What a question found, before it is known which type is asked for.</summary>
internal ref struct ClusterMatch
{
    public ClusterQuestion Question;

    public MatchKind Kind;

    public Reason Reason;

    /// <summary>Set for everything that belongs to a Service.</summary>
    public ServiceEntry? Service;

    /// <summary>The records found there, as they were when they were found.</summary>
    public ServiceRecords? Records;

    /// <summary>
    /// Pairs of an address and a port, repeated ones too: what the weight of SRV records is shared among.
    /// </summary>
    public int Count;

    /// <summary>No endpoint is in the zone that was preferred.</summary>
    public bool AnyZone;

    /// <summary>Of a Pod.</summary>
    public AddressKey PodAddress;

    // The records are there wherever endpoints matched.
    public readonly EndpointCursor Endpoints() => new(Records!, in Question, AnyZone);
}
