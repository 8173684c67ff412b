using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ClusterDns.Server.Transports.Linux;

/// <summary>The calls and constants of Linux that <see cref="Socket"/> has no name for.</summary>
internal static unsafe partial class LinuxSocket
{
    public const int LevelIp = 0;
    public const int LevelIpv6 = 41;

    /// <summary>IP_PKTINFO: the option and the type of its ancillary data.</summary>
    public const int PacketInfo4 = 8;

    /// <summary>IPV6_PKTINFO: the type of the ancillary data.</summary>
    public const int PacketInfo6 = 50;

    /// <summary>MSG_TRUNC</summary>
    public const int Truncated = 0x20;

    /// <summary>MSG_CTRUNC</summary>
    public const int ControlTruncated = 0x08;

    /// <summary>MSG_WAITFORONE: wait for the first datagram, then take only what is there.</summary>
    public const int WaitForOne = 0x10000;

    /// <summary>MSG_DONTWAIT: take what is there, if anything.</summary>
    public const int DontWait = 0x40;

    /// <summary>EINTR</summary>
    public const int Interrupted = 4;

    /// <summary>EAGAIN</summary>
    public const int TryAgain = 11;

    private const int LevelSocket = 1;
    private const int ReceiveBufferForce = 33;
    private const int MemoryInfo = 55;

    // struct of nine 32-bit numbers (linux/sock_diag.h), the last of which is SK_MEMINFO_DROPS.
    private const int MemoryInfoSize = 9 * sizeof(uint);

    private const int ReceivePacketInfo6 = 49;
    private const int MtuDiscover4 = 10;
    private const int MtuDiscover6 = 23;
    private const int MtuDiscoverOmit = 5;

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int ReceiveBatch(int socket, BatchHeader* messages, uint count, int flags, void* timeout);

    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    public static partial int SendBatch(int socket, BatchHeader* messages, uint count, int flags);

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    public static partial nint Send(SafeSocketHandle socket, DatagramHeader* message, int flags);

    /// <summary>Room for datagrams that wait: beyond the system's limit where the process may (CAP_NET_ADMIN), else up to it.</summary>
    public static void SetReceiveBuffer(Socket socket, int octets)
    {
        try
        {
            socket.SetRawSocketOption(LevelSocket, ReceiveBufferForce, BitConverter.GetBytes(octets));
        }
        catch (SocketException)
        {
            socket.ReceiveBufferSize = octets;
        }
    }

    /// <summary>Datagrams that the kernel has dropped since the socket was made, mostly because its buffer was full; it wraps.</summary>
    public static uint ReadDrops(Socket socket)
    {
        Span<byte> info = stackalloc byte[MemoryInfoSize];
        try
        {
            return socket.GetRawSocketOption(LevelSocket, MemoryInfo, info) == MemoryInfoSize
                ? BitConverter.ToUInt32(info[^sizeof(uint)..])
                : 0;
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    /// <summary>Has the kernel say with each datagram which address it was sent to.</summary>
    public static void EnablePacketInfo(Socket socket)
    {
        if (socket.AddressFamily is AddressFamily.InterNetworkV6)
        {
            socket.SetRawSocketOption(LevelIpv6, ReceivePacketInfo6, [1, 0, 0, 0]);
        }
        else
        {
            socket.SetRawSocketOption(LevelIp, PacketInfo4, [1, 0, 0, 0]);
        }
    }

    /// <summary>
    /// Leaves path MTU messages out of account: whoever forges them could make answers come in fragments, which are
    /// easier to forge in turn (RFC 8900 §4.5). Not every kernel or sandbox knows the option; serving goes on without.
    /// </summary>
    public static void IgnorePathMtu(Socket socket)
    {
        try
        {
            socket.SetRawSocketOption(LevelIp, MtuDiscover4, [MtuDiscoverOmit, 0, 0, 0]);
            if (socket.AddressFamily is AddressFamily.InterNetworkV6)
            {
                socket.SetRawSocketOption(LevelIpv6, MtuDiscover6, [MtuDiscoverOmit, 0, 0, 0]);
            }
        }
        catch (SocketException)
        {
        }
    }
}
