using System.Globalization;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Core.Corefile;

/// <summary>Reads <c>[SCHEME://]ZONE[:PORT]</c>, where the zone may be an address range.</summary>
internal static class ServerKeyReader
{
    private const string ZoneExpected = "a zone";

    /// <summary>One key, or several for a range off a label boundary.</summary>
    /// <param name="source">The word, for messages.</param>
    /// <param name="text">The part of it that is the key.</param>
    public static List<ServerKey> Read(Token source, string text)
    {
        TransportScheme scheme = ReadScheme(source, ref text);
        int? port = ReadPort(source, ref text);
        return ReadZones(source, text)
            .ConvertAll(zone => new ServerKey { Scheme = scheme, Zone = zone, Port = port, Source = source });
    }

    private static TransportScheme ReadScheme(Token source, ref string text)
    {
        int end = text.IndexOf("://", StringComparison.Ordinal);
        if (end < 0)
        {
            return TransportScheme.Dns;
        }

        string scheme = text[..end];
        text = text[(end + 3)..];
        return scheme.ToUpperInvariant() switch
        {
            "DNS" => TransportScheme.Dns,
            "TLS" => TransportScheme.Tls,
            "QUIC" => TransportScheme.Quic,
            "GRPC" => TransportScheme.Grpc,
            "HTTPS" => TransportScheme.Https,
            "HTTPS3" => TransportScheme.Https3,
            _ => throw source.Unexpected("a scheme among dns, tls, quic, grpc, https, https3"),
        };
    }

    private static int? ReadPort(Token source, ref string text)
    {
        int colon = text.LastIndexOf(':');
        if (colon < 0)
        {
            return null;
        }

        string digits = text[(colon + 1)..];

        // The last colon of an IPv6 range stands before its prefix length.
        if (digits.Contains('/', StringComparison.Ordinal))
        {
            return null;
        }

        if (!ushort.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
        {
            throw source.Unexpected("a port from 0 to 65535 after the last ':'");
        }

        text = text[..colon];
        return port;
    }

    private static List<DnsName> ReadZones(Token source, string text)
    {
        if (AddressRange.TryRead(text, out AddressRange? range))
        {
            return range is null
                ? throw source.Unexpected("a prefix length that fits the address")
                : range.ReverseZones().ConvertAll(DnsName.Parse);
        }

        if (text.Contains(':', StringComparison.Ordinal))
        {
            throw source.Unexpected($"{ZoneExpected}, or an address range with its prefix length");
        }

        // DnsName would read "@" as the root, and a space or a control character as part of a label.
        if (text is "@" || text.Any(static c => char.IsWhiteSpace(c) || char.IsControl(c)))
        {
            throw source.Unexpected(ZoneExpected);
        }

        return DnsName.TryParse(text, out DnsName? zone, out string error)
            ? [zone.ToLower()]
            : throw source.Unexpected($"{ZoneExpected}: {error}");
    }
}
