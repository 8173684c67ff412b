using System.Globalization;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Core.Corefile;

/// <summary>One zone that a server block serves, with its transport and port.</summary>
public sealed record ServerKey
{
    public required TransportScheme Scheme { get; init; }

    /// <summary>In lower case. An address range off a label boundary becomes one key for each reverse zone.</summary>
    public required DnsName Zone { get; init; }

    /// <summary>Null when the key names none.</summary>
    public required int? Port { get; init; }

    /// <summary>The word of the Corefile that the key was read from.</summary>
    public required Token Source { get; init; }

    /// <summary>The port to listen on; <paramref name="dnsPort"/> is what <c>-dns.port</c> says.</summary>
    public int PortOr(int dnsPort) => Port ?? Scheme switch
    {
        TransportScheme.Tls or TransportScheme.Quic => 853,
        TransportScheme.Grpc or TransportScheme.Https or TransportScheme.Https3 => 443,
        _ => dnsPort,
    };

    /// <summary>What stands before <c>://</c> for this transport.</summary>
    public string SchemeText => Scheme switch
    {
        TransportScheme.Tls => "tls",
        TransportScheme.Quic => "quic",
        TransportScheme.Grpc => "grpc",
        TransportScheme.Https => "https",
        TransportScheme.Https3 => "https3",
        _ => "dns",
    };

    public override string ToString() => Port is { } port
        ? string.Create(CultureInfo.InvariantCulture, $"{SchemeText}://{Zone}:{port}")
        : $"{SchemeText}://{Zone}";
}
