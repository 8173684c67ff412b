using System.Text;

namespace ClusterDns.Protocol.Presentation;

/// <summary>Salts and hashed names of NSEC3, both ways (RFC 5155 §3.3).</summary>
internal static class HashText
{
    public static bool TryParseSalt(ref RdataTokens tokens, RdataBuffer rdata)
    {
        const string Expected = "a salt of up to 255 octets in hexadecimal, or '-'";
        if (!tokens.TryNext(Expected, out var token))
        {
            return false;
        }

        var start = rdata.Length;
        rdata.Add(0);
        if (token.Text is "-")
        {
            return true;
        }

        if (token.Text.IsEmpty || !OctetsText.TryDecodeHex(token.Text, rdata) || rdata.Length - start - 1 > byte.MaxValue)
        {
            return tokens.Fail(token, Expected);
        }

        rdata[start] = (byte)(rdata.Length - start - 1);
        return true;
    }

    public static bool TryParseHash(ref RdataTokens tokens, RdataBuffer rdata)
    {
        const string Expected = "a hash in base 32 with the extended hexadecimal alphabet";
        if (!tokens.TryNext(Expected, out var token))
        {
            return false;
        }

        var start = rdata.Length;
        rdata.Add(0);
        if (!Base32Hex.TryDecode(token.Text, rdata) || rdata.Length - start - 1 is 0 or > byte.MaxValue)
        {
            return tokens.Fail(token, Expected);
        }

        rdata[start] = (byte)(rdata.Length - start - 1);
        return true;
    }

    public static bool TryFormatSalt(ref ReadOnlySpan<byte> rdata, StringBuilder text)
    {
        if (rdata.IsEmpty || rdata.Length <= rdata[0])
        {
            return false;
        }

        if (rdata[0] == 0)
        {
            text.Append('-');
        }

        OctetsText.AppendHex(text, rdata.Slice(1, rdata[0]));
        rdata = rdata[(rdata[0] + 1)..];
        return true;
    }

    public static bool TryFormatHash(ref ReadOnlySpan<byte> rdata, StringBuilder text)
    {
        if (rdata.Length <= 1 || rdata[0] == 0 || rdata.Length <= rdata[0])
        {
            return false;
        }

        Base32Hex.Append(text, rdata.Slice(1, rdata[0]));
        rdata = rdata[(rdata[0] + 1)..];
        return true;
    }
}
