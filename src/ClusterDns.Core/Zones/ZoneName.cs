using ClusterDns.Protocol.Names;

namespace ClusterDns.Core.Zones;

/// <summary>A name in lower case inside an array that a zone or the receiver of an answer holds.</summary>
public readonly struct ZoneName(byte[] buffer, int offset, int length)
{
    public byte[] Buffer { get; } = buffer;

    public int Offset { get; } = offset;

    /// <summary>Octets in wire form; 0 only in the default value.</summary>
    public int Length { get; } = length;

    public NameSpan Span => new(Buffer.AsSpan(Offset, Length));

    public static implicit operator ZoneName(DnsName name) => FromName(name);

    public static ZoneName FromName(DnsName name) => new(name.Wire, 0, name.Wire.Length);
}
