namespace ClusterDns.Core.Corefile;

/// <summary>The transport a server key asks for, by the scheme before its zone.</summary>
public enum TransportScheme
{
    /// <summary>UDP and TCP (RFC 1035); the default.</summary>
    Dns,

    /// <summary>DNS over TLS (RFC 7858).</summary>
    Tls,

    /// <summary>DNS over QUIC (RFC 9250).</summary>
    Quic,

    /// <summary>CoreDNS's own gRPC service.</summary>
    Grpc,

    /// <summary>DNS over HTTPS (RFC 8484).</summary>
    Https,

    /// <summary>DNS over HTTPS on HTTP/3.</summary>
    Https3,
}
