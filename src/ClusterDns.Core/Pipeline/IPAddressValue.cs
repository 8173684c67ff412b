using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ClusterDns.Core.Pipeline;

/// <summary>
/// An IPv4 or IPv6 address as a value, so that a client's address costs no object. An IPv4 address mapped into IPv6
/// (RFC 4291 §2.5.5.2), as a dual-stack socket reports it, is the IPv4 address.
/// </summary>
public readonly struct IPAddressValue : IEquatable<IPAddressValue>
{
    private const ulong MappedPrefix = 0xffff;

    // Two numbers, not one of 128 bits: what holds such a one has no machine code before the JIT has made it.
    private readonly ulong _high;
    private readonly ulong _low;

    private IPAddressValue(ulong high, ulong low, bool isIPv4, uint scopeId)
    {
        _high = high;
        _low = low;
        IsIPv4 = isIPv4;
        ScopeId = scopeId;
    }

    public bool IsIPv4 { get; }

    /// <summary>Zone index of a link-local IPv6 address; else 0.</summary>
    public uint ScopeId { get; }

    /// <summary>The address as a number; an IPv4 address in the lowest 32 bits.</summary>
    public UInt128 Bits => new(_high, _low);

    /// <summary>What counts as one client: an IPv4 address, or the /64 of an IPv6 one, for who has one of its addresses mostly has them all.</summary>
    public IPAddressValue ClientNetwork => IsIPv4 ? this : new IPAddressValue(_high, 0, isIPv4: false, scopeId: 0);

    /// <summary>
    /// A number of its own for each <see cref="ClientNetwork"/>: IPv4 addresses stand where no IPv6 network has been given out
    /// (0:ffff::/32, RFC 4291 §2.4).
    /// </summary>
    public ulong NetworkNumber => IsIPv4 ? (MappedPrefix << 32) | _low : _high;

    public static IPAddressValue FromIPv4(ReadOnlySpan<byte> octets) => new(0, BinaryPrimitives.ReadUInt32BigEndian(octets), true, 0);

    public static IPAddressValue FromIPv6(ReadOnlySpan<byte> octets, uint scopeId = 0)
    {
        var high = BinaryPrimitives.ReadUInt64BigEndian(octets);
        var low = BinaryPrimitives.ReadUInt64BigEndian(octets[8..]);
        return high == 0 && low >> 32 == MappedPrefix ? new(0, (uint)low, true, 0) : new(high, low, false, scopeId);
    }

    public static IPAddressValue From(IPAddress address)
    {
        Span<byte> octets = stackalloc byte[16];
        address.TryWriteBytes(octets, out var length);
        return length == 4
            ? FromIPv4(octets)
            : FromIPv6(octets, address.AddressFamily == AddressFamily.InterNetworkV6 ? (uint)address.ScopeId : 0);
    }

    /// <summary>
    /// Reads an address strictly: four decimal numbers without leading zeros, or an IPv6 address (RFC 4291 §2.2); no scope.
    /// An IPv4 address mapped into IPv6 is the IPv4 address.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IPAddressValue address)
    {
        address = default;
        if (text.Contains(':'))
        {
            if (text.ContainsAny('%', '[', ']') || !IPAddress.TryParse(text, out var parsed))
            {
                return false;
            }

            Span<byte> octets = stackalloc byte[16];
            parsed.TryWriteBytes(octets, out _);
            address = FromIPv6(octets);
            return true;
        }

        uint bits = 0;
        var parts = 0;
        foreach (var range in text.Split('.'))
        {
            var part = text[range];
            if (++parts > 4 || part.Length is 0 or > 3 || (part.Length > 1 && part[0] == '0')
                || !byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var octet))
            {
                return false;
            }

            bits = (bits << 8) | octet;
        }

        address = new IPAddressValue(0, bits, true, 0);
        return parts == 4;
    }

    /// <summary>
    /// Reads <c>10.0.0.0/8</c> or <c>2001:db8::/32</c>; a lone address is a prefix of its whole length. A prefix of addresses
    /// mapped into IPv6 (<c>::ffff:10.0.0.0/104</c>) is the IPv4 prefix.
    /// </summary>
    public static bool TryParsePrefix(ReadOnlySpan<char> text, out IPAddressValue prefix, out int length)
    {
        var slash = text.IndexOf('/');
        var address = slash < 0 ? text : text[..slash];
        length = 0;
        if (!TryParse(address, out prefix))
        {
            return false;
        }

        var written = address.Contains(':') ? 128 : 32;
        length = written;
        if (slash >= 0
            && (!int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > written))
        {
            return false;
        }

        // One that is shorter than what they have in common holds other addresses too.
        length -= prefix.IsIPv4 ? written - 32 : 0;
        return length >= 0;
    }

    /// <summary>True where the first <paramref name="length"/> bits are those of <paramref name="prefix"/>, in the same family.</summary>
    public bool IsIn(IPAddressValue prefix, int length)
    {
        if (IsIPv4 != prefix.IsIPv4)
        {
            return false;
        }

        var ignored = (IsIPv4 ? 32 : 128) - length;
        return ignored >= 64
            ? ignored >= 128 || _high >> (ignored - 64) == prefix._high >> (ignored - 64)
            : _high == prefix._high && _low >> ignored == prefix._low >> ignored;
    }

    /// <summary>Writes 4 or 16 octets and says how many.</summary>
    public int WriteOctets(Span<byte> destination)
    {
        if (IsIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)_low);
            return 4;
        }

        BinaryPrimitives.WriteUInt64BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _low);
        return 16;
    }

    /// <summary>Writes what <see cref="ToString"/> returns where there is room for 64 characters; says how many.</summary>
    public int Format(Span<char> text)
    {
        int length;
        if (!IsIPv4)
        {
            ToIPAddress().TryFormat(text, out length);
            return length;
        }

        length = 0;
        for (var shift = 24; shift >= 0; shift -= 8)
        {
            ((byte)(_low >> shift)).TryFormat(text[length..], out var digits, provider: CultureInfo.InvariantCulture);
            length += digits;
            if (shift > 0)
            {
                text[length++] = '.';
            }
        }

        return length;
    }

    public IPAddress ToIPAddress()
    {
        Span<byte> octets = stackalloc byte[16];
        var length = WriteOctets(octets);
        return ScopeId == 0 ? new IPAddress(octets[..length]) : new IPAddress(octets[..length], ScopeId);
    }

    public bool Equals(IPAddressValue other) =>
        _high == other._high && _low == other._low && IsIPv4 == other.IsIPv4 && ScopeId == other.ScopeId;

    public override bool Equals(object? obj) => obj is IPAddressValue other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_high, _low, IsIPv4);

    public override string ToString() => ToIPAddress().ToString();

    public static bool operator ==(IPAddressValue left, IPAddressValue right) => left.Equals(right);

    public static bool operator !=(IPAddressValue left, IPAddressValue right) => !left.Equals(right);
}
