using System.Net;
using System.Net.Sockets;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Server.Reloading;
using ClusterDns.Server.Transports.Proxying;

namespace ClusterDns.Server.Transports;

/// <summary>What the UDP transports have in common: sizes, and how a datagram becomes a query.</summary>
internal static class UdpMessages
{
    /// <summary>Octets of a request that are read: what our OPT promises (RFC 6891 §6.2.3).</summary>
    public const int MaxRequest = ResponseWriter.PayloadSize;

    /// <summary>The most a datagram over IPv4 carries.</summary>
    public const int MaxResponse = 65_507;

    /// <summary>
    /// Reads the request that was received into the context's buffer; a <paramref name="length"/> above
    /// <see cref="MaxRequest"/> says that it was cut.
    /// </summary>
    /// <returns>False: nothing is to be sent. Else <paramref name="isQuery"/> says whether to route it or only to send the response.</returns>
    public static bool TryBegin(
        QueryContext query,
        int length,
        in SocketEndpoint client,
        in SocketEndpoint local,
        ListenGroup group,
        ProxiedDatagrams proxied,
        out bool isQuery)
    {
        if (group.ProxyProto is not { } options)
        {
            return TryBegin(query, length, client, local, group, out isQuery);
        }

        var named = client;
        isQuery = false;
        return proxied.TryOpen(query, options, ref length, ref named) && TryBegin(query, length, named, local, group, out isQuery);
    }

    private static bool TryBegin(
        QueryContext query, int length, in SocketEndpoint client, in SocketEndpoint local, ListenGroup group, out bool isQuery)
    {
        var isCut = length > MaxRequest;
        query.BeginRequest(isCut ? MessageHeader.Size : length, TransportProtocol.Udp, client, local, group.Identity);
        var outcome = QueryReader.Read(query);
        isQuery = outcome is ReadOutcome.Query && !isCut;
        if (isCut && outcome is not ReadOutcome.Ignore)
        {
            query.Reason = new Reason(ReasonCode.Malformed);
            query.Response.Fail(ResponseCode.FormErr, "");
            query.Response.IncludesQuestion = false;
        }

        return outcome is not ReadOutcome.Ignore;
    }

    /// <summary>
    /// Has the kernel give new datagrams to the other sockets of the address, if there are any: a socket with a peer takes from
    /// that peer alone, and this one's is a port of its own host that nobody sends from. What waits in it stays readable.
    /// </summary>
    public static void Divert(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            var local = (IPEndPoint)socket.LocalEndPoint!; // it is bound
            var loopback = local.AddressFamily is AddressFamily.InterNetworkV6 ? IPAddress.IPv6Loopback : IPAddress.Loopback;
            socket.Connect(new IPEndPoint(loopback, local.Port));
        }
        catch (SocketException)
        {
            // Bound where loopback has no route from: the others get their share, this one keeps its own.
        }
    }

    /// <summary>Wakes the thread that waits in a receiving call and makes every further one end at once; sending goes on.</summary>
    public static void StopReceiving(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Receive);
        }
        catch (SocketException)
        {
            // "Not connected", which is so; the receiving side is shut nonetheless.
        }
    }
}
