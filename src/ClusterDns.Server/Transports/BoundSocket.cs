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

    /// <summary>A socket whose connections wait from now on for somebody to accept them.</summary>
    /// <exception cref="ListenException">The address cannot be listened on.</exception>
    public static Socket Listen(ListenAddress address, int port, int backlog)
    {
        var socket = Bind(address, port, SocketType.Stream);
        try
        {
            socket.Listen(backlog);
            return socket;
        }
        catch (SocketException exception)
        {
            var endpoint = (IPEndPoint)socket.LocalEndPoint!; // it is bound
            socket.Dispose();
            throw new ListenException("tcp", endpoint, exception);
        }
    }

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
            // "::" is both wildcards, as it is for CoreDNS; "0.0.0.0" is IPv4's alone.
            socket.DualMode = address.Address is null || address.Address.Equals(IPAddress.IPv6Any);
        }

        if (OperatingSystem.IsLinux())
        {
            socket.SetRawSocketOption(LinuxSocketLevel, LinuxReusePort, [1, 0, 0, 0]);
        }
    }
}
