using System.Runtime.InteropServices;

namespace ClusterDns.Server.Transports.Linux;

/// <summary>The kernel's <c>msghdr</c> on 64-bit systems: one datagram's address, octets and ancillary data.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct DatagramHeader
{
    public byte* Name;
    public uint NameLength;
    public IoVector* Vectors;
    public nuint VectorCount;
    public byte* Control;
    public nuint ControlLength;
    public int Flags;
}
