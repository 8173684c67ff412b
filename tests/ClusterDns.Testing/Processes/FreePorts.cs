using System.Net;
using System.Net.Sockets;

namespace ClusterDns.Testing.Processes;

/// <summary>Ports that nobody listens on, for UDP and TCP alike, each handed out once in this process.</summary>
/// <remarks>
/// Below the range that the kernel gives to clients: a port from there could be taken again, by any outgoing
/// connection, before the server under test binds it. Each process starts at a place of its own.
/// </remarks>
public static class FreePorts
{
    private const int First = 10_000;
    private const int Count = 20_000;

    private static readonly Lock Gate = new();
    private static int _next = Random.Shared.Next(Count);

    public static int Take()
    {
        lock (Gate)
        {
            for (int tries = 0; tries < Count; tries++)
            {
                int port = First + (_next++ % Count);
                if (IsFree(port))
                {
                    return port;
                }
            }
        }

        throw new InvalidOperationException("no free port");
    }

    private static bool IsFree(int port)
    {
        try
        {
            // Dual mode: a port is free where nothing has it on any address of either family.
            using Socket udp = new(SocketType.Dgram, ProtocolType.Udp);
            using Socket tcp = new(SocketType.Stream, ProtocolType.Tcp);
            udp.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
            tcp.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
