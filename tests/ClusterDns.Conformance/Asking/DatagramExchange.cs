using System.Net;
using System.Net.Sockets;

namespace ClusterDns.Conformance.Asking;

/// <summary>One query and the first datagram that comes back, from a socket of its own.</summary>
internal static class DatagramExchange
{
    public static async Task<byte[]> AskAsync(IPEndPoint server, IPAddress? source, byte[] query, CancellationToken timeout)
    {
        using Socket socket = new(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        if (source is not null)
        {
            socket.Bind(new IPEndPoint(source, 0));
        }

        // Connected: an ICMP error is heard, and datagrams from elsewhere are not.
        await socket.ConnectAsync(server, timeout);
        await socket.SendAsync(query, timeout);
        byte[] buffer = new byte[ushort.MaxValue];
        int length = await socket.ReceiveAsync(buffer, timeout);
        return buffer[..length];
    }
}
