using System.Net;
using ClusterDns.Core.Corefile;

namespace ClusterDns.Server.Reloading;

/// <summary>One address that is listened on. A null <see cref="Address"/> is the wildcard of both families.</summary>
internal sealed record ListenAddress(TransportScheme Scheme, IPAddress? Address, int Port)
{
    /// <summary><c>dns://:53</c>, <c>dns://127.0.0.1:53</c>, <c>tls://[::1]:853</c>: the <c>server</c> label of metrics.</summary>
    public string Label => $"{SchemeText}://{HostText}:{Port}";

    private string SchemeText => Scheme switch
    {
        TransportScheme.Tls => "tls",
        TransportScheme.Quic => "quic",
        TransportScheme.Grpc => "grpc",
        TransportScheme.Https => "https",
        TransportScheme.Https3 => "https3",
        _ => "dns",
    };

    private string HostText => Address switch
    {
        null => "",
        { AddressFamily: System.Net.Sockets.AddressFamily.InterNetworkV6 } => $"[{Address}]",
        _ => Address.ToString(),
    };
}
