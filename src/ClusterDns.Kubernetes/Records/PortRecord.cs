namespace ClusterDns.Kubernetes.Records;

/// <summary>One port as SRV records know it.</summary>
/// <param name="Name">Lower-cased octets; empty where the port has no name.</param>
/// <param name="Protocol">Lower-cased octets: "tcp", "udp", "sctp".</param>
/// <param name="Number"><see cref="None"/> for the stand-in of an object that lists no port.</param>
internal readonly record struct PortRecord(byte[] Name, byte[] Protocol, int Number)
{
    /// <summary>Has addresses but no SRV record.</summary>
    public const int None = -1;

    /// <summary>An empty filter lets everything through.</summary>
    public bool Matches(ReadOnlySpan<byte> name, ReadOnlySpan<byte> protocol) =>
        (name.IsEmpty || name.SequenceEqual(Name)) && (protocol.IsEmpty || protocol.SequenceEqual(Protocol));

    public bool IsSame(in PortRecord other) =>
        Number == other.Number
        && Name.AsSpan().SequenceEqual(other.Name)
        && Protocol.AsSpan().SequenceEqual(other.Protocol);
}
