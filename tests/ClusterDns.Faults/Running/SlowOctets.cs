namespace ClusterDns.Faults.Running;

/// <summary>What slow clients of several transports send.</summary>
internal static class SlowOctets
{
    /// <summary>The beginning of a TLS record with a ClientHello of 500 octets (RFC 8446 §4, §5.1).</summary>
    public static byte[] Handshake { get; } = [22, 3, 1, 1, 248, 1, 0, 1, 244, 3, 3, 0];
}
