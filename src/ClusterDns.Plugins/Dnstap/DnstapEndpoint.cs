using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ClusterDns.Core.Corefile;

namespace ClusterDns.Plugins.Dnstap;

/// <summary>Where dnstap messages go, or are fetched from: a Unix socket, or a host and port with or without TLS.</summary>
/// <param name="Path">Of the Unix socket; null: it is none.</param>
/// <param name="Host">A name or an address; "" for a Unix socket, and for every address of this machine.</param>
internal sealed record DnstapEndpoint(string Text, string? Path, string Host, int Port, bool UsesTls)
{
    /// <param name="resolve">Makes a relative path one that is not.</param>
    public static DnstapEndpoint Parse(Token word, Func<string, string> resolve)
    {
        var text = word.Text;
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        var rest = scheme < 0 ? text : text[(scheme + 3)..];
        switch (scheme < 0 ? "unix" : text[..scheme])
        {
            case "unix" when rest.Length > 0:
                return new DnstapEndpoint(text, resolve(rest), "", 0, UsesTls: false);
            case "tcp":
                return Network(word, rest, usesTls: false);
            case "tls":
                return Network(word, rest, usesTls: true);
            default:
                throw word.Unexpected("the path of a Unix socket, unix://PATH, tcp://HOST:PORT or tls://HOST:PORT");
        }
    }

    /// <summary>What a socket connects to or is bound to.</summary>
    public EndPoint ToEndPoint(bool listens)
    {
        if (Path is not null)
        {
            return new UnixDomainSocketEndPoint(Path);
        }

        if (Host.Length == 0)
        {
            return new IPEndPoint(listens ? IPAddress.IPv6Any : IPAddress.Loopback, Port);
        }

        return IPAddress.TryParse(Host, out var address) ? new IPEndPoint(address, Port) : new DnsEndPoint(Host, Port);
    }

    public Socket CreateSocket() => Path is null
        ? new Socket(SocketType.Stream, ProtocolType.Tcp)
        : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    private static DnstapEndpoint Network(Token word, string rest, bool usesTls)
    {
        var colon = rest.LastIndexOf(':');
        if (colon < 0
            || !int.TryParse(rest.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port is 0 or > ushort.MaxValue)
        {
            throw word.Unexpected("a port from 1 to 65535 at the end");
        }

        var host = rest[..colon];
        return new DnstapEndpoint(word.Text, null, host is ['[', .. var inner, ']'] ? inner : host, port, usesTls);
    }
}
