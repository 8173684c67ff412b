using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Server.Transports.Proxying;

/// <summary>
/// A header of HAProxy's PROXY protocol: who the client is that a proxy speaks for. Reading one takes work in proportion to its
/// octets, of which there is a ceiling, and allocates nothing.
/// </summary>
/// <param name="Length">Octets of the header; what the client sent begins behind them.</param>
/// <param name="Client">Null: the proxy speaks for itself, or of a family that is not IP.</param>
internal readonly record struct ProxyHeader(int Length, SocketEndpoint? Client)
{
    /// <summary>Octets a header may have; the protocol allows 65,551, of which proxies use less than 1,000.</summary>
    public const int MaxLength = 4096;

    // Version 1 is one line, CR and LF included.
    private const int MaxLineLength = 107;

    private const int FixedSize = 16;
    private const byte Version2 = 0x20;
    private const int CommandLocal = 0;
    private const int CommandProxy = 1;
    private const int FamilyIPv4 = 1;
    private const int FamilyIPv6 = 2;

    private static ReadOnlySpan<byte> LineSignature => "PROXY "u8;

    private static ReadOnlySpan<byte> BinarySignature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>Reads the header at the beginning of a connection, of either version.</summary>
    public static ProxyHeaderStatus TryRead(ReadOnlySpan<byte> octets, out ProxyHeader header)
    {
        if (StartsLike(octets, LineSignature))
        {
            return TryReadLine(octets, out header);
        }

        return TryReadBinary(octets, out header);
    }

    /// <summary>Reads the header at the beginning of a datagram, where only version 2 is defined and all that comes has come.</summary>
    public static ProxyHeaderStatus TryReadDatagram(ReadOnlySpan<byte> octets, out ProxyHeader header)
    {
        header = default;
        if (!octets.StartsWith(BinarySignature))
        {
            return ProxyHeaderStatus.Absent;
        }

        var status = TryReadBinary(octets, out header);
        return status is ProxyHeaderStatus.Incomplete ? ProxyHeaderStatus.Malformed : status;
    }

    // True also where there are too few octets to say otherwise.
    private static bool StartsLike(ReadOnlySpan<byte> octets, ReadOnlySpan<byte> signature) =>
        !octets.IsEmpty && octets.StartsWith(signature[..Math.Min(signature.Length, octets.Length)]);

    // PROXY TCP4 192.0.2.1 198.51.100.1 40000 53, or PROXY UNKNOWN and anything.
    private static ProxyHeaderStatus TryReadLine(ReadOnlySpan<byte> octets, out ProxyHeader header)
    {
        header = default;
        var within = octets[..Math.Min(octets.Length, MaxLineLength)];
        var end = within.IndexOf("\r\n"u8);
        if (end < 0)
        {
            return within.Length == MaxLineLength ? ProxyHeaderStatus.Malformed : ProxyHeaderStatus.Incomplete;
        }

        Span<char> characters = stackalloc char[MaxLineLength];
        characters = characters[..Encoding.ASCII.GetChars(within[LineSignature.Length..end], characters)];
        if (characters is "UNKNOWN" || characters.StartsWith("UNKNOWN "))
        {
            header = new ProxyHeader(end + 2, null);
            return ProxyHeaderStatus.Present;
        }

        if (!TryReadAddresses(characters, out var client))
        {
            return ProxyHeaderStatus.Malformed;
        }

        header = new ProxyHeader(end + 2, client);
        return ProxyHeaderStatus.Present;
    }

    private static bool TryReadAddresses(ReadOnlySpan<char> line, out SocketEndpoint client)
    {
        client = default;
        Span<Range> words = stackalloc Range[6];
        if (line.Split(words, ' ') != 5)
        {
            return false;
        }

        var isIPv4 = line[words[0]] is "TCP4";
        if ((!isIPv4 && line[words[0]] is not "TCP6")
            || !TryReadAddress(line[words[1]], isIPv4, out var source)
            || !TryReadAddress(line[words[2]], isIPv4, out _)
            || !TryReadPort(line[words[3]], out var port)
            || !TryReadPort(line[words[4]], out _))
        {
            return false;
        }

        client = new SocketEndpoint(source, port);
        return true;
    }

    private static bool TryReadAddress(ReadOnlySpan<char> text, bool isIPv4, out IPAddressValue address)
    {
        address = default;
        return text.Contains(':') != isIPv4 && IPAddressValue.TryParse(text, out address);
    }

    private static bool TryReadPort(ReadOnlySpan<char> text, out ushort port) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && (text.Length == 1 || text[0] != '0');

    // 12 octets that are no beginning of anything else, version and command, family and transport, length of what follows.
    private static ProxyHeaderStatus TryReadBinary(ReadOnlySpan<byte> octets, out ProxyHeader header)
    {
        header = default;
        if (!StartsLike(octets, BinarySignature))
        {
            return ProxyHeaderStatus.Absent;
        }

        if (octets.Length < FixedSize)
        {
            return ProxyHeaderStatus.Incomplete;
        }

        var command = octets[12] & 0xf;
        var family = octets[13] >> 4;
        var length = FixedSize + BinaryPrimitives.ReadUInt16BigEndian(octets[14..]);
        if ((octets[12] & 0xf0) != Version2
            || command is not (CommandLocal or CommandProxy)
            || length > MaxLength
            || length - FixedSize < SizeOfAddresses(command, family))
        {
            return ProxyHeaderStatus.Malformed;
        }

        if (octets.Length < length)
        {
            return ProxyHeaderStatus.Incomplete;
        }

        header = new ProxyHeader(length, command == CommandProxy ? ReadClient(octets[FixedSize..length], family) : null);
        return ProxyHeaderStatus.Present;
    }

    // Both addresses, then both ports.
    private static int SizeOfAddresses(int command, int family) =>
        command == CommandLocal ? 0 : family switch { FamilyIPv4 => 12, FamilyIPv6 => 36, _ => 0 };

    private static SocketEndpoint? ReadClient(ReadOnlySpan<byte> addresses, int family) => family switch
    {
        FamilyIPv4 => new SocketEndpoint(
            IPAddressValue.FromIPv4(addresses[..4]), BinaryPrimitives.ReadUInt16BigEndian(addresses[8..])),
        FamilyIPv6 => new SocketEndpoint(
            IPAddressValue.FromIPv6(addresses[..16]), BinaryPrimitives.ReadUInt16BigEndian(addresses[32..])),
        _ => null,
    };
}
