using System.Text;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Protocol.Presentation;

/// <summary>The set of TYPEs at an owner, both ways (RFC 4034 §4.1.2).</summary>
internal static class TypeBitmapText
{
    private const int MaxWindowLength = 32;

    /// <summary>Takes all words that are left as TYPEs, in any order.</summary>
    public static bool TryParse(ref RdataTokens tokens, RdataBuffer rdata)
    {
        var types = new SortedSet<ushort>();
        while (tokens.TryPeek(out var token))
        {
            _ = tokens.TryNext("", out _);
            if (token.IsQuoted || !RecordTypeText.TryParse(token.Text, out var type))
            {
                return tokens.Fail(token, "a record type");
            }

            types.Add((ushort)type);
        }

        var window = -1;
        var windowAt = 0;
        foreach (var type in types)
        {
            if (type >> 8 != window)
            {
                window = type >> 8;
                rdata.Add((byte)window);
                windowAt = rdata.Length;
                rdata.Add(0);
            }

            var octet = (type & 0xff) >> 3;
            while (rdata[windowAt] <= octet)
            {
                rdata.Add(0);
                rdata[windowAt]++;
            }

            rdata[windowAt + 1 + octet] |= (byte)(0x80 >> (type & 7));
        }

        return true;
    }

    /// <summary>Writes all that is left, a space in front of each TYPE; false where the windows are not well formed.</summary>
    public static bool TryFormat(ref ReadOnlySpan<byte> rdata, StringBuilder text)
    {
        var last = -1;
        while (!rdata.IsEmpty)
        {
            if (rdata.Length < 2 || rdata[0] <= last || rdata[1] is 0 or > MaxWindowLength || rdata.Length - 2 < rdata[1])
            {
                return false;
            }

            last = rdata[0];
            var octets = rdata.Slice(2, rdata[1]);
            for (var bit = 0; bit < octets.Length * 8; bit++)
            {
                if ((octets[bit >> 3] & (0x80 >> (bit & 7))) != 0)
                {
                    AppendSeparator(text);
                    text.Append(RecordTypeText.Format((RecordType)((last << 8) | bit)));
                }
            }

            rdata = rdata[(octets.Length + 2)..];
        }

        return true;
    }

    private static void AppendSeparator(StringBuilder text)
    {
        if (text.Length > 0 && text[^1] != ' ')
        {
            text.Append(' ');
        }
    }
}
