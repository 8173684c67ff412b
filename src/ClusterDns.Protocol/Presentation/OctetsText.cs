using System.Buffers;
using System.Globalization;
using System.Text;

namespace ClusterDns.Protocol.Presentation;

/// <summary>Octets in hexadecimal and base 64, which may be spread over several words.</summary>
internal static class OctetsText
{
    /// <summary>Appends the octets that pairs of hexadecimal digits stand for.</summary>
    public static bool TryDecodeHex(ReadOnlySpan<char> text, RdataBuffer octets)
    {
        if (text.Length % 2 != 0)
        {
            return false;
        }

        for (var index = 0; index < text.Length; index += 2)
        {
            if (!byte.TryParse(text.Slice(index, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet))
            {
                return false;
            }

            octets.Add(octet);
        }

        return true;
    }

    /// <summary>Takes all words that are left as hexadecimal digits; at least one octet.</summary>
    public static bool TryParseHexRest(ref RdataTokens tokens, RdataBuffer rdata)
    {
        const string Expected = "hexadecimal digits, two for each octet";
        if (!TryJoinRest(ref tokens, Expected, out var joined, out var first))
        {
            return false;
        }

        return TryDecodeHex(joined, rdata) || tokens.Fail(first, Expected);
    }

    /// <summary>Takes all words that are left as base 64; at least one octet.</summary>
    public static bool TryParseBase64Rest(ref RdataTokens tokens, RdataBuffer rdata)
    {
        const string Expected = "base 64";
        if (!TryJoinRest(ref tokens, Expected, out var joined, out var first))
        {
            return false;
        }

        return TryDecodeBase64(joined, rdata) || tokens.Fail(first, Expected);
    }

    public static bool TryDecodeBase64(ReadOnlySpan<char> text, RdataBuffer octets)
    {
        var decoded = ArrayPool<byte>.Shared.Rent((text.Length / 4 * 3) + 3);
        var done = !text.IsEmpty && Convert.TryFromBase64Chars(text, decoded, out var length) && Add(octets, decoded, length);
        ArrayPool<byte>.Shared.Return(decoded);
        return done;
    }

    public static void AppendHex(StringBuilder text, ReadOnlySpan<byte> octets) => text.Append(Convert.ToHexString(octets));

    public static void AppendBase64(StringBuilder text, ReadOnlySpan<byte> octets) => text.Append(Convert.ToBase64String(octets));

    private static bool Add(RdataBuffer octets, byte[] decoded, int length)
    {
        octets.Add(decoded.AsSpan(0, length));
        return true;
    }

    private static bool TryJoinRest(ref RdataTokens tokens, string expected, out string joined, out TextToken first)
    {
        joined = "";
        if (!tokens.TryNext(expected, out first))
        {
            return false;
        }

        if (tokens.AtEnd)
        {
            joined = first.Text.ToString();
            return true;
        }

        var text = new StringBuilder().Append(first.Text);
        while (tokens.TryPeek(out var token))
        {
            _ = tokens.TryNext(expected, out _);
            text.Append(token.Text);
        }

        joined = text.ToString();
        return true;
    }
}
