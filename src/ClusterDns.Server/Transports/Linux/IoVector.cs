using System.Runtime.InteropServices;

namespace ClusterDns.Server.Transports.Linux;

/// <summary>The kernel's <c>iovec</c>: where octets are.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVector
{
    public byte* Base;
    public nuint Length;
}
