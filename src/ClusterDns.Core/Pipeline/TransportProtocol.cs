namespace ClusterDns.Core.Pipeline;

/// <summary>How a query came in.</summary>
public enum TransportProtocol : byte
{
    Udp,
    Tcp,
    Tls,
    Https,
    Https3,
    Quic,
    Grpc,
}
