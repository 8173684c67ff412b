using System.Globalization;
using System.Net;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Forward;

/// <summary>Reads the upstreams of a <c>forward</c> line: addresses, files in the form of resolv.conf, names of hosts.</summary>
/// <param name="resolvers">Who is asked for the addresses of hosts; none: the system's resolvers.</param>
internal sealed class UpstreamAddressReader(BlockContext block, IReadOnlyList<IPEndPoint> resolvers)
{
    private const int DnsPort = 53;
    private const int TlsPort = 853;
    private const int HttpsPort = 443;

    /// <param name="first">Which argument is the first upstream.</param>
    /// <returns>Every upstream once.</returns>
    public IReadOnlyList<UpstreamAddress> Read(Directive directive, int first)
    {
        var upstreams = directive.Arguments.Skip(first).SelectMany(Read).Distinct().ToList();
        return upstreams.Count switch
        {
            0 => throw directive.Error("no valid upstream addresses found"),
            > UpstreamOrder.MaxUpstreams => throw directive.Error(
                string.Create(CultureInfo.InvariantCulture, $"more than {UpstreamOrder.MaxUpstreams} TOs configured: {upstreams.Count}")),
            _ => upstreams,
        };
    }

    /// <summary>An address with an optional port, 53 where none is given.</summary>
    public static IPEndPoint ParseEndPoint(Token token) =>
        TryParseEndPoint(token.Text, DnsPort, out var endPoint) ? endPoint : throw token.Unexpected("an IP address with an optional port");

    private IEnumerable<UpstreamAddress> Read(Token token)
    {
        var (protocol, rest) = SplitScheme(token);
        string? serverName = null;
        if (protocol is UpstreamProtocol.Tls && rest.LastIndexOf('%') is var percent and >= 0)
        {
            serverName = rest[(percent + 1)..];
            rest = rest[..percent];
            if (serverName.Length == 0)
            {
                throw token.Unexpected("a server name after '%'");
            }
        }

        var port = protocol switch { UpstreamProtocol.Tls => TlsPort, UpstreamProtocol.Https => HttpsPort, _ => DnsPort };
        if (TryParseEndPoint(rest, port, out var endPoint))
        {
            return [new UpstreamAddress(protocol, endPoint, serverName)];
        }

        var path = block.ResolvePath(rest);
        if (File.Exists(path))
        {
            return ReadFile(token, path).Select(address => new UpstreamAddress(protocol, new IPEndPoint(address, port), serverName));
        }

        return Resolve(token, rest, port).Select(address => new UpstreamAddress(protocol, address, serverName));
    }

    private static (UpstreamProtocol Protocol, string Address) SplitScheme(Token token)
    {
        var end = token.Text.IndexOf("://", StringComparison.Ordinal);
        if (end < 0)
        {
            return (UpstreamProtocol.Dns, token.Text);
        }

        var rest = token.Text[(end + 3)..];
        return token.Text[..end] switch
        {
            "dns" => (UpstreamProtocol.Dns, rest),
            "tls" => (UpstreamProtocol.Tls, rest),
            "https" when !rest.Contains('/', StringComparison.Ordinal) => (UpstreamProtocol.Https, rest),
            "https" => throw token.Unexpected("an https upstream without a path"),
            _ => throw token.Unexpected("an upstream with one of the schemes dns, tls, https"),
        };
    }

    private static IReadOnlyList<IPAddress> ReadFile(Token token, string path)
    {
        try
        {
            return ResolverFile.ReadNameServers(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw token.Unexpected("a readable file: " + exception.Message);
        }
    }

    private IEnumerable<IPEndPoint> Resolve(Token token, string host, int port)
    {
        var colon = host.LastIndexOf(':');
        if (colon >= 0)
        {
            port = int.TryParse(host.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 65535
                ? number
                : throw token.Unexpected("a port from 1 to 65535");
            host = host[..colon];
        }

        var addresses = new HostResolver(resolvers, block.Services.Random).Resolve(host);
        return addresses.Count > 0
            ? addresses.Select(address => new IPEndPoint(address, port))
            : throw token.Unexpected("an IP address, a file or a host name that can be resolved");
    }

    // ADDRESS, ADDRESS:PORT, [ADDRESS], [ADDRESS]:PORT; an IPv6 address may carry a zone index.
    private static bool TryParseEndPoint(string text, int defaultPort, out IPEndPoint endPoint)
    {
        endPoint = new IPEndPoint(IPAddress.None, 0);
        var host = text;
        var port = defaultPort;
        var colon = text.LastIndexOf(':');
        var isBare = colon < 0 || (text.IndexOf(':', StringComparison.Ordinal) != colon && !text.StartsWith('['));
        if (!isBare && text[colon - (colon > 0 ? 1 : 0)] != ':' && (!text.StartsWith('[') || text[colon - 1] == ']'))
        {
            if (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > 65535)
            {
                return false;
            }

            host = text[..colon];
        }

        if (host.StartsWith('[') && host.EndsWith(']'))
        {
            host = host[1..^1];
        }

        // IPAddress takes "1" and "0x7f.1" as IPv4: here those are names.
        var hasForm = host.Contains(':', StringComparison.Ordinal) || host.Split('.').Length == 4;
        if (!hasForm || !IPAddress.TryParse(host, out var address))
        {
            return false;
        }

        endPoint = new IPEndPoint(address, port);
        return true;
    }
}
