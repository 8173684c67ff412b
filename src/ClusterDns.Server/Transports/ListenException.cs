using System.Net;
using System.Net.Sockets;

namespace ClusterDns.Server.Transports;

/// <summary>An address could not be listened on: <c>listen udp 127.0.0.1:53: bind: address already in use</c>.</summary>
internal sealed class ListenException : Exception
{
    public ListenException(string network, IPEndPoint address, SocketException cause)
        : base($"listen {network} {Text(address)}: bind: {Reason(cause)}", cause)
    {
    }

    public ListenException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }

    // The wildcard has no address in this form, as in the label of a listener.
    private static string Text(IPEndPoint address) =>
        address.Address.Equals(IPAddress.IPv6Any) ? $":{address.Port}" : address.ToString();

    private static string Reason(SocketException cause) => cause.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => "address already in use",
        SocketError.AccessDenied => "permission denied",
        SocketError.AddressNotAvailable => "cannot assign requested address",
        SocketError.AddressFamilyNotSupported => "address family not supported",
        SocketError.TooManyOpenSockets => "too many open files",
        var other => other.ToString(),
    };
}
