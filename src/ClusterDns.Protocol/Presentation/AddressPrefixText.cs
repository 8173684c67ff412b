using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace ClusterDns.Protocol.Presentation;

/// <summary>APL both ways (RFC 3123 §4 and §5): <c>1:192.168.32.0/21 !1:192.168.38.0/28</c>.</summary>
internal static class AddressPrefixText
{
    private const int HeaderLength = 4;
    private const ushort IPv4 = 1;
    private const ushort IPv6 = 2;

    /// <summary>Takes all words that are left; there may be none.</summary>
    public static bool TryParse(ref RdataTokens tokens, RdataBuffer rdata)
    {
        while (tokens.TryPeek(out var token))
        {
            _ = tokens.TryNext("", out _);
            if (!TryParseItem(token.Text, rdata))
            {
                return tokens.Fail(token, "an address prefix such as 1:192.0.2.0/24 or !2:2001:db8::/32");
            }
        }

        return true;
    }

    /// <summary>False where an item is not well formed or of a family other than IPv4 and IPv6.</summary>
    public static bool TryFormat(ref ReadOnlySpan<byte> rdata, StringBuilder text)
    {
        Span<byte> address = stackalloc byte[AddressText.IPv6Length];
        for (var isFirst = true; !rdata.IsEmpty; isFirst = false)
        {
            if (rdata.Length < HeaderLength)
            {
                return false;
            }

            var family = BinaryPrimitives.ReadUInt16BigEndian(rdata);
            var length = rdata[3] & 0x7f;
            var size = SizeOf(family);
            if (size == 0 || length > size || rdata[2] > size * 8 || rdata.Length - HeaderLength < length)
            {
                return false;
            }

            address.Clear();
            rdata.Slice(HeaderLength, length).CopyTo(address);
            text.Append(isFirst ? "" : " ").Append((rdata[3] & 0x80) != 0 ? "!" : "");
            text.Append(CultureInfo.InvariantCulture, $"{family}:");
            AddressText.Append(text, address[..size]);
            text.Append(CultureInfo.InvariantCulture, $"/{rdata[2]}");
            rdata = rdata[(HeaderLength + length)..];
        }

        return true;
    }

    private static bool TryParseItem(ReadOnlySpan<char> text, RdataBuffer rdata)
    {
        var isNegated = text.StartsWith('!');
        text = isNegated ? text[1..] : text;
        var colon = text.IndexOf(':');
        var slash = text.IndexOf('/');
        if (colon < 0 || slash < colon
            || !ushort.TryParse(text[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out var family)
            || !byte.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var prefix)
            || prefix > SizeOf(family) * 8)
        {
            return false;
        }

        rdata.AddUInt16(family);
        rdata.Add(prefix);
        var lengthAt = rdata.Length;
        rdata.Add(0);
        var address = text[(colon + 1)..slash];
        if (!(family == IPv4 ? AddressText.TryParseIPv4(address, rdata) : family == IPv6 && AddressText.TryParseIPv6(address, rdata)))
        {
            return false;
        }

        // Zero octets at the end are not sent (RFC 3123 §4).
        while (rdata.Length > lengthAt + 1 && rdata[rdata.Length - 1] == 0)
        {
            rdata.Truncate(rdata.Length - 1);
        }

        rdata[lengthAt] = (byte)((isNegated ? 0x80 : 0) | (rdata.Length - lengthAt - 1));
        return true;
    }

    private static int SizeOf(ushort family) => family switch
    {
        IPv4 => AddressText.IPv4Length,
        IPv6 => AddressText.IPv6Length,
        _ => 0,
    };
}
