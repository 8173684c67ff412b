using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Server.Transports.Linux;

/// <summary>Where a datagram came from and which address it was sent to, in the kernel's form, to answer it later.</summary>
internal unsafe struct UdpPeer
{
    /// <summary>Octets of the largest address (<c>sockaddr_in6</c>).</summary>
    public const int NameSize = 28;

    /// <summary>Octets for one piece of ancillary data: a header of 16, an <c>in6_pktinfo</c> of 20, padding.</summary>
    public const int ControlSize = 40;

    private const int ControlHeaderSize = 16;
    private const int FamilyIpv4 = 2;

    private NameOctets _name;
    private ControlOctets _control;
    private readonly int _nameLength;
    private readonly int _controlLength;

    /// <summary>Copies address and ancillary data of a datagram that was received.</summary>
    public UdpPeer(in DatagramHeader datagram)
    {
        _nameLength = (int)datagram.NameLength;
        _controlLength = (int)datagram.ControlLength;

        // SAFETY: both lengths were set by the kernel within the sizes it was given, which are those of the fields.
        new ReadOnlySpan<byte>(datagram.Name, _nameLength).CopyTo(_name);
        new ReadOnlySpan<byte>(datagram.Control, _controlLength).CopyTo(_control);
    }

    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Name => ((ReadOnlySpan<byte>)_name)[.._nameLength];

    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Control => ((ReadOnlySpan<byte>)_control)[.._controlLength];

    /// <summary>Reads a <c>sockaddr_in</c> or <c>sockaddr_in6</c>.</summary>
    public static SocketEndpoint ReadName(ReadOnlySpan<byte> name)
    {
        var port = BinaryPrimitives.ReadUInt16BigEndian(name[2..]);
        return BitConverter.ToUInt16(name) == FamilyIpv4
            ? new SocketEndpoint(IPAddressValue.FromIPv4(name.Slice(4, 4)), port)
            : new SocketEndpoint(IPAddressValue.FromIPv6(name.Slice(8, 16), BitConverter.ToUInt32(name[24..])), port);
    }

    /// <summary>
    /// Reads the address that a datagram was sent to and turns the ancillary data into what makes the answer leave from it.
    /// False: there is none; the kernel chooses.
    /// </summary>
    public static bool TryTurnControl(Span<byte> control, out IPAddressValue local)
    {
        local = default;
        if (control.Length < ControlHeaderSize + 12)
        {
            return false;
        }

        // struct cmsghdr { size_t len; int level; int type; }
        var level = BitConverter.ToInt32(control[8..]);
        var type = BitConverter.ToInt32(control[12..]);
        var value = control[ControlHeaderSize..];
        if (level == LinuxSocket.LevelIp && type == LinuxSocket.PacketInfo4)
        {
            // struct in_pktinfo { int interface; in_addr spec_dst; in_addr addr; }: without the interface the routes decide.
            local = IPAddressValue.FromIPv4(value.Slice(4, 4));
            value[..4].Clear();
            return true;
        }

        if (level != LinuxSocket.LevelIpv6 || type != LinuxSocket.PacketInfo6 || value.Length < 20)
        {
            return false;
        }

        // struct in6_pktinfo { in6_addr addr; unsigned interface; }: a link-local address means nothing without its interface.
        var isLinkLocal = value[0] == 0xfe && (value[1] & 0xc0) == 0x80;
        local = IPAddressValue.FromIPv6(value[..16], isLinkLocal ? BitConverter.ToUInt32(value[16..]) : 0);
        if (!isLinkLocal)
        {
            value.Slice(16, 4).Clear();
        }

        return true;
    }

    [InlineArray(NameSize)]
    private struct NameOctets
    {
        private byte _first;
    }

    [InlineArray(ControlSize)]
    private struct ControlOctets
    {
        private byte _first;
    }
}
