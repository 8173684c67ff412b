using System.Text;

namespace ClusterDns.Protocol.Presentation;

/// <summary>Octets in groups of hexadecimal digits, both ways: EUIs (RFC 7043) and locators (RFC 6742).</summary>
internal static class GroupText
{
    /// <summary>Takes one word: groups of <paramref name="groupSize"/> octets, each with all its digits.</summary>
    public static bool TryParse(ref RdataTokens tokens, RdataBuffer rdata, int octets, int groupSize, char separator, string expected)
    {
        if (!tokens.TryNext(expected, out var token))
        {
            return false;
        }

        var start = rdata.Length;
        foreach (var part in token.Text.Split(separator))
        {
            var group = token.Text[part];
            if (group.Length != groupSize * 2 || rdata.Length - start == octets || !OctetsText.TryDecodeHex(group, rdata))
            {
                return tokens.Fail(token, expected);
            }
        }

        return rdata.Length - start == octets || tokens.Fail(token, expected);
    }

    public static void Append(StringBuilder text, ReadOnlySpan<byte> octets, int groupSize, char separator)
    {
        for (var index = 0; index < octets.Length; index += groupSize)
        {
            if (index > 0)
            {
                text.Append(separator);
            }

            text.Append(Convert.ToHexStringLower(octets.Slice(index, groupSize)));
        }
    }
}
