using System.Net;
using System.Net.Sockets;
using ClusterDns.Server.Reloading;

namespace ClusterDns.Server.Transports;

/// <summary>Makes sockets that several may bind to one address: workers of one process, or an old and a new transport.</summary>
internal static class BoundSocket
{
    // Socket options have no portable name for SO_REUSEPORT.
    private const int LinuxSocketLevel = 1;
    private const int LinuxReusePort = 15;

    /// <exception cref="ListenException">Names the network, the address and why.</exception>
    public static Socket Bind(ListenAddress address, int port, SocketType type)
    {
        var endpoint = new IPEndPoint(address.Address ?? Wildcard, port);
        var isStream = type is SocketType.Stream;
        try
        {
            var socket = new Socket(endpoint.AddressFamily, type, isStream ? ProtocolType.Tcp : ProtocolType.Udp);
            try
            {
                Prepare(socket, address);
                socket.Bind(endpoint);
                return socket;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
        catch (SocketException exception)
        {
            throw new ListenException(isStream ? "tcp" : "udp", endpoint, exception);
        }
    }

    // A kernel without IPv6 still has an IPv4 wildcard.
    private static IPAddress Wildcard => Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any;

    private static void Prepare(Socket socket, ListenAddress address)
    {
        if (socket.AddressFamily is AddressFamily.InterNetworkV6)
        {
            socket.DualMode = address.Address is null;
        }

        if (OperatingSystem.IsLinux())
        {
            socket.SetRawSocketOption(LinuxSocketLevel, LinuxReusePort, [1, 0, 0, 0]);
        }
    }
}
