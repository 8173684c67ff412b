using System.Runtime.InteropServices;

namespace ClusterDns.Server.Transports.Linux;

/// <summary>The kernel's <c>mmsghdr</c>: a datagram of a batch and how many of its octets were moved.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BatchHeader
{
    public DatagramHeader Datagram;
    public uint Length;
}
