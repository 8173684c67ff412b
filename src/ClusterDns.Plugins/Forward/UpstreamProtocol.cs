namespace ClusterDns.Plugins.Forward;

/// <summary>How an upstream is spoken to.</summary>
internal enum UpstreamProtocol : byte
{
    /// <summary>UDP and TCP.</summary>
    Dns,

    /// <summary>DNS over TLS (RFC 7858).</summary>
    Tls,

    /// <summary>DNS over HTTPS (RFC 8484).</summary>
    Https,
}
