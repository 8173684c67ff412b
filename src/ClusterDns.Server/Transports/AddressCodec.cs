using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Server.Transports;

/// <summary>Socket addresses in the operating system's form ⇄ values.</summary>
internal static class AddressCodec
{
    // sockaddr_in: family, port at 2, address at 4. sockaddr_in6: port at 2, address at 8, scope at 24.
    public static SocketEndpoint Read(SocketAddress address)
    {
        var octets = address.Buffer.Span;
        var port = BinaryPrimitives.ReadUInt16BigEndian(octets[2..]);
        return address.Family is AddressFamily.InterNetwork
            ? new SocketEndpoint(IPAddressValue.FromIPv4(octets[4..]), port)
            : new SocketEndpoint(IPAddressValue.FromIPv6(octets.Slice(8, 16), BinaryPrimitives.ReadUInt32LittleEndian(octets[24..])), port);
    }
}
