using System.Globalization;
using System.Net;
using ClusterDns.Core.Corefile;

namespace ClusterDns.Core.Pipeline;

/// <summary>Where an admin endpoint listens: <c>:8080</c>, <c>127.0.0.1:9153</c>, <c>[::1]:8080</c>, <c>localhost:9153</c>.</summary>
/// <param name="Host">Null: every address of both families.</param>
public sealed record HttpAddress(IPAddress? Host, int Port)
{
    /// <summary>Where something on this machine reaches it.</summary>
    public IPEndPoint Reachable => new(
        Host is null || Host.Equals(IPAddress.Any) ? IPAddress.Loopback : Host.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : Host,
        Port);

    /// <exception cref="CorefileException">The word is no address with a port.</exception>
    public static HttpAddress Parse(Token token)
    {
        var text = token.Text;
        var colon = text.LastIndexOf(':');
        if (colon < 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port > ushort.MaxValue)
        {
            throw token.Unexpected("an address with a port like :8080 or 127.0.0.1:8080");
        }

        var host = text[..colon];
        if (host is ['[', .. var inner, ']'])
        {
            host = inner;
        }
        else if (host.Contains(':', StringComparison.Ordinal))
        {
            throw token.Unexpected("an IPv6 address between brackets before the port");
        }

        return host switch
        {
            "" => new HttpAddress(null, port),
            "localhost" => new HttpAddress(IPAddress.Loopback, port),
            _ when IPAddress.TryParse(host, out var address) => new HttpAddress(address, port),
            _ => throw token.Unexpected("an IP address, localhost or nothing before the port"),
        };
    }

    public override string ToString() => Host switch
    {
        null => $":{Port}",
        { AddressFamily: System.Net.Sockets.AddressFamily.InterNetworkV6 } => $"[{Host}]:{Port}",
        _ => $"{Host}:{Port}",
    };
}
