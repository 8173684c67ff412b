using System.Globalization;
using System.Text;

namespace ClusterDns.Protocol.Presentation;

/// <summary>Character-strings both ways: <c>\C</c> and <c>\DDD</c> stand for one octet (RFC 1035 §5.1).</summary>
internal static class CharacterStringText
{
    /// <summary>Octets of the longest character-string (RFC 1035 §3.3).</summary>
    public const int MaxLength = 255;

    /// <summary>Appends the octets that <paramref name="text"/> stands for; false at a broken escape.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, RdataBuffer octets)
    {
        for (var index = 0; index < text.Length; index++)
        {
            int octet = text[index];
            if (octet == '\\')
            {
                if (++index >= text.Length)
                {
                    return false;
                }

                octet = text[index];
                if (char.IsAsciiDigit((char)octet))
                {
                    if (index + 3 > text.Length
                        || !byte.TryParse(text.Slice(index, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                    {
                        return false;
                    }

                    octet = number;
                    index += 2;
                }
            }

            if (octet > byte.MaxValue)
            {
                return false;
            }

            octets.Add((byte)octet);
        }

        return true;
    }

    /// <summary>Takes one word as a character-string with its length octet.</summary>
    public static bool TryParse(ref RdataTokens tokens, RdataBuffer rdata, string expected = "a string")
    {
        if (!tokens.TryNext(expected, out var token))
        {
            return false;
        }

        var start = rdata.Length;
        rdata.Add(0);
        if (!TryDecode(token.Text, rdata))
        {
            return tokens.Fail(token, "a string in which a backslash is followed by a character or by three digits up to 255");
        }

        var length = rdata.Length - start - 1;
        if (length > MaxLength)
        {
            return tokens.Fail(token, "a string of at most 255 octets");
        }

        rdata[start] = (byte)length;
        return true;
    }

    /// <summary>Writes octets in quotes, escaped where they must be.</summary>
    public static void AppendQuoted(StringBuilder text, ReadOnlySpan<byte> octets)
    {
        text.Append('"');
        Append(text, octets);
        text.Append('"');
    }

    /// <summary>Writes octets as they stand between quotes.</summary>
    public static void Append(StringBuilder text, ReadOnlySpan<byte> octets)
    {
        foreach (var octet in octets)
        {
            if (octet is (byte)'"' or (byte)'\\')
            {
                text.Append('\\').Append((char)octet);
            }
            else if (octet is >= 0x20 and < 0x7f)
            {
                text.Append((char)octet);
            }
            else
            {
                text.Append('\\').Append(octet.ToString("D3", CultureInfo.InvariantCulture));
            }
        }
    }

    /// <summary>Takes one character-string off <paramref name="rdata"/> and writes it in quotes.</summary>
    public static bool TryFormat(ref ReadOnlySpan<byte> rdata, StringBuilder text)
    {
        if (rdata.IsEmpty || rdata.Length <= rdata[0])
        {
            return false;
        }

        AppendQuoted(text, rdata.Slice(1, rdata[0]));
        rdata = rdata[(rdata[0] + 1)..];
        return true;
    }
}
