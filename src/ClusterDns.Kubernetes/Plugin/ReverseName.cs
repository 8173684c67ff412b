using ClusterDns.Protocol.Names;

namespace ClusterDns.Kubernetes.Plugin;

/// <summary>Addresses in the names that stand for them (RFC 1035 §3.5, RFC 3596 §2.5).</summary>
internal static class ReverseName
{
    private static ReadOnlySpan<byte> IPv4Suffix => "\u0007in-addr\u0004arpa\0"u8;

    private static ReadOnlySpan<byte> IPv6Suffix => "\u0003ip6\u0004arpa\0"u8;

    /// <summary>Reads a whole address into 16 octets of room; false for parts of one.</summary>
    /// <param name="name">Lower-cased.</param>
    public static bool TryParse(NameSpan name, Span<byte> address, out int length)
    {
        var wire = name.Wire;
        length = wire.EndsWith(IPv4Suffix) ? 4 : 16;
        return length == 4
            ? TryParseIPv4(wire[..^IPv4Suffix.Length], address)
            : wire.EndsWith(IPv6Suffix) && TryParseIPv6(wire[..^IPv6Suffix.Length], address);
    }

    private static bool TryParseIPv4(ReadOnlySpan<byte> labels, Span<byte> address)
    {
        for (var octet = 3; octet >= 0; octet--)
        {
            if (labels.IsEmpty || labels[0] > 3 || labels.Length <= labels[0])
            {
                return false;
            }

            var digits = labels.Slice(1, labels[0]);
            var value = 0;
            foreach (var digit in digits)
            {
                if (digit is < (byte)'0' or > (byte)'9')
                {
                    return false;
                }

                value = (value * 10) + digit - '0';
            }

            // "01" stands for nothing.
            if (value > 255 || (digits.Length > 1 && digits[0] == '0'))
            {
                return false;
            }

            address[octet] = (byte)value;
            labels = labels[(digits.Length + 1)..];
        }

        return labels.IsEmpty;
    }

    private static bool TryParseIPv6(ReadOnlySpan<byte> labels, Span<byte> address)
    {
        if (labels.Length != 64)
        {
            return false;
        }

        for (var index = 0; index < 32; index++)
        {
            var digit = labels[(index * 2) + 1];
            if (labels[index * 2] != 1 || !char.IsAsciiHexDigit((char)digit))
            {
                return false;
            }

            var nibble = digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
            var octet = 15 - (index / 2);
            address[octet] = index % 2 == 0 ? (byte)nibble : (byte)(address[octet] | (nibble << 4));
        }

        return true;
    }
}
