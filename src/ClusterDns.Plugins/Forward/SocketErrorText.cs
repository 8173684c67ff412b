using System.Net.Sockets;

namespace ClusterDns.Plugins.Forward;

/// <summary>Socket errors in the words that operators know from CoreDNS's log, for alerts that search for them.</summary>
internal static class SocketErrorText
{
    public static string Format(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.ConnectionReset => "connection reset by peer",
        SocketError.NetworkUnreachable => "network is unreachable",
        SocketError.HostUnreachable => "no route to host",
        SocketError.TimedOut => "i/o timeout",
        SocketError.AddressNotAvailable => "cannot assign requested address",
        SocketError.AccessDenied => "operation not permitted",
        SocketError.TooManyOpenSockets => "too many open files",
        SocketError.NoBufferSpaceAvailable => "no buffer space available",
        _ => error.ToString(),
    };
}
