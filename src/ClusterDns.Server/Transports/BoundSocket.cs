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
        // "::" is both wildcards, as it is for CoreDNS; "0.0.0.0" is IPv4's alone.
        var isDual = address.Address is null || address.Address.Equals(IPAddress.IPv6Any);
        var endpoint = new IPEndPoint(address.Address ?? Wildcard, port);
        try
        {
            return Bind(endpoint, type, isDual);
        }
        catch (SocketException exception)
        {
            throw new ListenException(type is SocketType.Stream ? "tcp" : "udp", endpoint, exception);
        }
    }

    /// <param name="isDual">An IPv6 wildcard is IPv4's as well.</param>
    /// <exception cref="SocketException">The address cannot be listened on.</exception>
    public static Socket Bind(IPEndPoint endpoint, SocketType type, bool isDual)
    {
        var socket = new Socket(endpoint.AddressFamily, type, type is SocketType.Stream ? ProtocolType.Tcp : ProtocolType.Udp);
        try
        {
            if (socket.AddressFamily is AddressFamily.InterNetworkV6)
            {
                socket.DualMode = isDual;
            }

            if (OperatingSystem.IsLinux())
            {
                socket.SetRawSocketOption(LinuxSocketLevel, LinuxReusePort, [1, 0, 0, 0]);
            }

            socket.Bind(endpoint);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // A kernel without IPv6 still has an IPv4 wildcard.
    private static IPAddress Wildcard => Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any;
}
