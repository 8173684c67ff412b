using System.Buffers.Binary;
using System.Globalization;

namespace ClusterDns.Kubernetes.Records;

/// <summary>Addresses as text, both ways, without allocating; as strict as the API server's own reading.</summary>
internal static class AddressText
{
    private const int LongestText = 64;

    /// <summary>Reads an address as an object of the API writes it.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, Span<byte> destination, out int length)
    {
        length = 0;
        if (text.Length > LongestText)
        {
            return false;
        }

        Span<byte> octets = stackalloc byte[LongestText];
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] > 127)
            {
                return false;
            }

            octets[index] = (byte)text[index];
        }

        return TryParse(octets[..text.Length], destination, out length);
    }

    /// <summary>Writes 4 or 16 octets; an IPv4 address mapped into IPv6 is the IPv4 address.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, Span<byte> destination, out int length)
    {
        if (!text.Contains((byte)':'))
        {
            length = 4;
            return TryParseIPv4(text, destination);
        }

        length = 0;
        if (!TryParseIPv6(text, destination))
        {
            return false;
        }

        length = AddressKey.Of(destination[..16]).Write(destination);
        return true;
    }

    /// <summary>Writes the canonical text (RFC 5952 §4) and says how long it is; 39 octets are enough.</summary>
    public static int Format(ReadOnlySpan<byte> address, Span<byte> destination)
    {
        var position = 0;
        if (address.Length == 4)
        {
            for (var index = 0; index < 4; index++)
            {
                if (index > 0)
                {
                    destination[position++] = (byte)'.';
                }

                _ = address[index].TryFormat(
                    destination[position..], out var written, default, CultureInfo.InvariantCulture);
                position += written;
            }

            return position;
        }

        LongestZeroRun(address, out var runStart, out var runLength);
        for (var group = 0; group < 8; group++)
        {
            if (group == runStart)
            {
                destination[position++] = (byte)':';
                destination[position++] = (byte)':';
                group += runLength - 1;
                continue;
            }

            if (position > 0 && destination[position - 1] != ':')
            {
                destination[position++] = (byte)':';
            }

            _ = Group(address, group).TryFormat(
                destination[position..], out var written, "x", CultureInfo.InvariantCulture);
            position += written;
        }

        return position;
    }

    private static bool TryParseIPv4(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        for (var octet = 0; octet < 4; octet++)
        {
            var value = 0;
            var digits = 0;
            while (digits < text.Length && text[digits] is >= (byte)'0' and <= (byte)'9')
            {
                // "01" is refused: some read it as octal.
                value = (value * 10) + text[digits] - '0';
                if (value > 255 || (digits == 1 && text[0] == '0'))
                {
                    return false;
                }

                digits++;
            }

            var last = octet == 3;
            if (digits == 0 || (last ? digits != text.Length : digits >= text.Length || text[digits] != '.'))
            {
                return false;
            }

            destination[octet] = (byte)value;
            text = text[(last ? digits : digits + 1)..];
        }

        return true;
    }

    private static bool TryParseIPv6(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        var written = 0;
        var gap = -1;
        if (text.StartsWith("::"u8))
        {
            gap = 0;
            text = text[2..];
        }

        while (!text.IsEmpty)
        {
            if (written == 16)
            {
                return false;
            }

            var digits = 0;
            var value = 0;
            while (digits < text.Length && char.IsAsciiHexDigit((char)text[digits]))
            {
                value = (value << 4) | HexValue(text[digits]);
                if (++digits > 4)
                {
                    return false;
                }
            }

            if (digits == 0)
            {
                return false;
            }

            if (digits < text.Length && text[digits] == '.')
            {
                // The last 32 bits may stand in IPv4's form.
                return written <= 12
                    && TryParseIPv4(text, destination[written..])
                    && FillGap(destination, written + 4, gap);
            }

            BinaryPrimitives.WriteUInt16BigEndian(destination[written..], (ushort)value);
            written += 2;
            text = text[digits..];
            if (text.IsEmpty)
            {
                break;
            }

            if (text[0] != ':' || text.Length == 1)
            {
                return false;
            }

            text = text[1..];
            if (text[0] == ':')
            {
                if (gap >= 0)
                {
                    return false;
                }

                gap = written;
                text = text[1..];
            }
        }

        return FillGap(destination, written, gap);
    }

    // A gap stands for one group of zeros at least.
    private static bool FillGap(Span<byte> destination, int written, int gap)
    {
        if (gap < 0)
        {
            return written == 16;
        }

        if (written == 16)
        {
            return false;
        }

        var tail = written - gap;
        destination.Slice(gap, tail).CopyTo(destination[(16 - tail)..]);
        destination[gap..(16 - tail)].Clear();
        return true;
    }

    private static int HexValue(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private static ushort Group(ReadOnlySpan<byte> address, int group) =>
        BinaryPrimitives.ReadUInt16BigEndian(address[(group * 2)..]);

    // The first of the longest runs of two zero groups and more (RFC 5952 §4.2).
    private static void LongestZeroRun(ReadOnlySpan<byte> address, out int start, out int length)
    {
        start = -1;
        length = 1;
        for (var group = 0; group < 8; group++)
        {
            var end = group;
            while (end < 8 && Group(address, end) == 0)
            {
                end++;
            }

            if (end - group > length)
            {
                start = group;
                length = end - group;
            }

            group = Math.Max(group, end);
        }
    }
}
