using System.Buffers.Binary;
using System.Text;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Protocol.Presentation;

/// <summary>One field of RDATA, both ways.</summary>
internal static class RdataFieldText
{
    private const int MaxTagLength = 255;

    /// <summary>Takes the words of one field and appends its octets.</summary>
    public static bool TryParse(RdataField field, ref RdataTokens tokens, RdataBuffer rdata) => field switch
    {
        RdataField.UInt8 => NumberText.TryParseUInt8(ref tokens, rdata),
        RdataField.UInt16 => NumberText.TryParseUInt16(ref tokens, rdata),
        RdataField.UInt32 => NumberText.TryParseUInt32(ref tokens, rdata),
        RdataField.Seconds => NumberText.TryParseSeconds(ref tokens, rdata),
        RdataField.Timestamp => NumberText.TryParseTimestamp(ref tokens, rdata),
        RdataField.Type => NumberText.TryParseType(ref tokens, rdata),
        RdataField.Algorithm => NumberText.TryParseAlgorithm(ref tokens, rdata),
        RdataField.CertificateType => NumberText.TryParseCertificateType(ref tokens, rdata),
        RdataField.Name => RdataNameText.TryParse(ref tokens, rdata),
        RdataField.IPv4Address => TryParseIPv4(ref tokens, rdata),
        RdataField.IPv6Address => TryParseIPv6(ref tokens, rdata),
        RdataField.Locator64 => GroupText.TryParse(ref tokens, rdata, 8, 2, ':', "four groups of four hexadecimal digits with ':' between them"),
        RdataField.Eui48 => GroupText.TryParse(ref tokens, rdata, 6, 1, '-', "six pairs of hexadecimal digits with '-' between them"),
        RdataField.Eui64 => GroupText.TryParse(ref tokens, rdata, 8, 1, '-', "eight pairs of hexadecimal digits with '-' between them"),
        RdataField.String => CharacterStringText.TryParse(ref tokens, rdata),
        RdataField.OptionalString => tokens.AtEnd || CharacterStringText.TryParse(ref tokens, rdata),
        RdataField.Strings => TryParseStrings(ref tokens, rdata),
        RdataField.Tag => TryParseTag(ref tokens, rdata),
        RdataField.QuotedRest => TryParseQuotedRest(ref tokens, rdata),
        RdataField.HexRest => OctetsText.TryParseHexRest(ref tokens, rdata),
        RdataField.Base64Rest => OctetsText.TryParseBase64Rest(ref tokens, rdata),
        RdataField.Salt => HashText.TryParseSalt(ref tokens, rdata),
        RdataField.HashedName => HashText.TryParseHash(ref tokens, rdata),
        RdataField.TypeBitmap => TypeBitmapText.TryParse(ref tokens, rdata),
        RdataField.ServiceParameters => ServiceParameterText.TryParse(ref tokens, rdata),
        RdataField.Location => LocationText.TryParse(ref tokens, rdata),
        RdataField.AddressPrefixes => AddressPrefixText.TryParse(ref tokens, rdata),
        RdataField.IpsecKey => IpsecKeyText.TryParse(ref tokens, rdata),
        _ => HostIdentityText.TryParse(ref tokens, rdata),
    };

    /// <summary>Takes the octets of one field off <paramref name="rdata"/> and appends its text; false where they are not of its form.</summary>
    public static bool TryFormat(RdataField field, ref ReadOnlySpan<byte> rdata, StringBuilder text) => field switch
    {
        RdataField.Name => RdataNameText.TryFormat(ref rdata, text),
        RdataField.String => CharacterStringText.TryFormat(ref rdata, text),
        RdataField.OptionalString => rdata.IsEmpty || CharacterStringText.TryFormat(ref rdata, text),
        RdataField.Strings => TryFormatStrings(ref rdata, text),
        RdataField.Tag => TryFormatTag(ref rdata, text),
        RdataField.QuotedRest or RdataField.HexRest or RdataField.Base64Rest => TryFormatRest(field, ref rdata, text),
        RdataField.Salt => HashText.TryFormatSalt(ref rdata, text),
        RdataField.HashedName => HashText.TryFormatHash(ref rdata, text),
        RdataField.TypeBitmap => TypeBitmapText.TryFormat(ref rdata, text),
        RdataField.ServiceParameters => ServiceParameterText.TryFormat(ref rdata, text),
        RdataField.Location => LocationText.TryFormat(ref rdata, text),
        RdataField.AddressPrefixes => AddressPrefixText.TryFormat(ref rdata, text),
        RdataField.IpsecKey => IpsecKeyText.TryFormat(ref rdata, text),
        RdataField.HostIdentity => HostIdentityText.TryFormat(ref rdata, text),
        _ => TryFormatFixed(field, ref rdata, text),
    };

    private static bool TryParseIPv4(ref RdataTokens tokens, RdataBuffer rdata)
    {
        const string Expected = "an IPv4 address";
        return tokens.TryNext(Expected, out var token) && (AddressText.TryParseIPv4(token.Text, rdata) || tokens.Fail(token, Expected));
    }

    private static bool TryParseIPv6(ref RdataTokens tokens, RdataBuffer rdata)
    {
        const string Expected = "an IPv6 address";
        return tokens.TryNext(Expected, out var token) && (AddressText.TryParseIPv6(token.Text, rdata) || tokens.Fail(token, Expected));
    }

    private static bool TryParseStrings(ref RdataTokens tokens, RdataBuffer rdata)
    {
        do
        {
            if (!CharacterStringText.TryParse(ref tokens, rdata))
            {
                return false;
            }
        }
        while (!tokens.AtEnd);

        return true;
    }

    private static bool TryParseTag(ref RdataTokens tokens, RdataBuffer rdata)
    {
        const string Expected = "a tag of letters and digits";
        if (!tokens.TryNext(Expected, out var token))
        {
            return false;
        }

        if (token.Text.Length is 0 or > MaxTagLength)
        {
            return tokens.Fail(token, Expected);
        }

        rdata.Add((byte)token.Text.Length);
        foreach (var character in token.Text)
        {
            if (!char.IsAsciiLetterOrDigit(character))
            {
                return tokens.Fail(token, Expected);
            }

            rdata.Add((byte)character);
        }

        return true;
    }

    private static bool TryParseQuotedRest(ref RdataTokens tokens, RdataBuffer rdata) =>
        tokens.TryNext("a string", out var token)
        && (CharacterStringText.TryDecode(token.Text, rdata) || tokens.Fail(token, "a string with whole escapes"));

    private static bool TryFormatStrings(ref ReadOnlySpan<byte> rdata, StringBuilder text)
    {
        if (!CharacterStringText.TryFormat(ref rdata, text))
        {
            return false;
        }

        while (!rdata.IsEmpty)
        {
            text.Append(' ');
            if (!CharacterStringText.TryFormat(ref rdata, text))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryFormatTag(ref ReadOnlySpan<byte> rdata, StringBuilder text)
    {
        if (rdata.Length <= 1 || rdata[0] == 0 || rdata.Length <= rdata[0])
        {
            return false;
        }

        foreach (var octet in rdata.Slice(1, rdata[0]))
        {
            if (!char.IsAsciiLetterOrDigit((char)octet))
            {
                return false;
            }

            text.Append((char)octet);
        }

        rdata = rdata[(rdata[0] + 1)..];
        return true;
    }

    private static bool TryFormatRest(RdataField field, ref ReadOnlySpan<byte> rdata, StringBuilder text)
    {
        if (field == RdataField.QuotedRest)
        {
            CharacterStringText.AppendQuoted(text, rdata);
            rdata = [];
            return true;
        }

        if (rdata.IsEmpty)
        {
            return false;
        }

        if (field == RdataField.HexRest)
        {
            OctetsText.AppendHex(text, rdata);
        }
        else
        {
            OctetsText.AppendBase64(text, rdata);
        }

        rdata = [];
        return true;
    }

    private static bool TryFormatFixed(RdataField field, ref ReadOnlySpan<byte> rdata, StringBuilder text)
    {
        var size = SizeOf(field);
        if (rdata.Length < size)
        {
            return false;
        }

        var octets = rdata[..size];
        rdata = rdata[size..];
        switch (field)
        {
            case RdataField.UInt8 or RdataField.Algorithm:
                text.Append(octets[0]);
                break;
            case RdataField.UInt16:
                text.Append(BinaryPrimitives.ReadUInt16BigEndian(octets));
                break;
            case RdataField.UInt32 or RdataField.Seconds:
                text.Append(BinaryPrimitives.ReadUInt32BigEndian(octets));
                break;
            case RdataField.Timestamp:
                TimestampText.Append(text, BinaryPrimitives.ReadUInt32BigEndian(octets));
                break;
            case RdataField.Type:
                text.Append(RecordTypeText.Format((RecordType)BinaryPrimitives.ReadUInt16BigEndian(octets)));
                break;
            case RdataField.CertificateType:
                text.Append(AlgorithmText.FormatCertificateType(BinaryPrimitives.ReadUInt16BigEndian(octets)));
                break;
            case RdataField.IPv4Address or RdataField.IPv6Address:
                AddressText.Append(text, octets);
                break;
            case RdataField.Locator64:
                GroupText.Append(text, octets, 2, ':');
                break;
            default:
                GroupText.Append(text, octets, 1, '-');
                break;
        }

        return true;
    }

    private static int SizeOf(RdataField field) => field switch
    {
        RdataField.UInt8 or RdataField.Algorithm => 1,
        RdataField.UInt16 or RdataField.Type or RdataField.CertificateType => 2,
        RdataField.UInt32 or RdataField.Seconds or RdataField.Timestamp or RdataField.IPv4Address => 4,
        RdataField.Eui48 => 6,
        RdataField.Locator64 or RdataField.Eui64 => 8,
        _ => 16,
    };
}
