using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace ClusterDns.Protocol.Presentation;

/// <summary>HIP both ways (RFC 8005 §5 and §6): algorithm, HIT in hexadecimal, key in base 64, rendezvous servers.</summary>
internal static class HostIdentityText
{
    private const int HeaderLength = 4;

    public static bool TryParse(ref RdataTokens tokens, RdataBuffer rdata)
    {
        var start = rdata.Length;
        rdata.Add(0);
        if (!NumberText.TryParseUInt8(ref tokens, rdata, "a public key algorithm") || !tokens.TryNext("a host identity tag", out var tag))
        {
            return false;
        }

        rdata.AddUInt16(0);
        if (!OctetsText.TryDecodeHex(tag.Text, rdata) || rdata.Length - start - HeaderLength is 0 or > byte.MaxValue)
        {
            return tokens.Fail(tag, "a host identity tag of 1 to 255 octets in hexadecimal");
        }

        var tagLength = rdata.Length - start - HeaderLength;
        rdata[start] = (byte)tagLength;
        if (!tokens.TryNext("a public key in base 64", out var key))
        {
            return false;
        }

        var keyAt = rdata.Length;
        if (!OctetsText.TryDecodeBase64(key.Text, rdata) || rdata.Length - keyAt > ushort.MaxValue)
        {
            return tokens.Fail(key, "a public key in base 64");
        }

        rdata[start + 2] = (byte)((rdata.Length - keyAt) >> 8);
        rdata[start + 3] = (byte)(rdata.Length - keyAt);
        while (!tokens.AtEnd)
        {
            if (!RdataNameText.TryParse(ref tokens, rdata, "the name of a rendezvous server"))
            {
                return false;
            }
        }

        return true;
    }

    public static bool TryFormat(ref ReadOnlySpan<byte> rdata, StringBuilder text)
    {
        if (rdata.Length < HeaderLength)
        {
            return false;
        }

        int tagLength = rdata[0];
        int keyLength = BinaryPrimitives.ReadUInt16BigEndian(rdata[2..]);
        if (tagLength == 0 || keyLength == 0 || rdata.Length - HeaderLength < tagLength + keyLength)
        {
            return false;
        }

        text.Append(CultureInfo.InvariantCulture, $"{rdata[1]} ");
        OctetsText.AppendHex(text, rdata.Slice(HeaderLength, tagLength));
        text.Append(' ');
        OctetsText.AppendBase64(text, rdata.Slice(HeaderLength + tagLength, keyLength));
        rdata = rdata[(HeaderLength + tagLength + keyLength)..];
        while (!rdata.IsEmpty)
        {
            text.Append(' ');
            if (!RdataNameText.TryFormat(ref rdata, text))
            {
                return false;
            }
        }

        return true;
    }
}
