using System.Globalization;

namespace ClusterDns.Protocol.Presentation;

/// <summary>Reads fields that are numbers.</summary>
internal static class NumberText
{
    public static bool TryParseUInt8(ref RdataTokens tokens, RdataBuffer rdata, string expected = "a number")
    {
        if (!tokens.TryNext(expected, out var token))
        {
            return false;
        }

        if (!byte.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            return tokens.Fail(token, $"{expected} from 0 to 255");
        }

        rdata.Add(value);
        return true;
    }

    public static bool TryParseUInt16(ref RdataTokens tokens, RdataBuffer rdata)
    {
        if (!tokens.TryNext("a number", out var token))
        {
            return false;
        }

        if (!ushort.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            return tokens.Fail(token, "a number from 0 to 65535");
        }

        rdata.AddUInt16(value);
        return true;
    }

    public static bool TryParseUInt32(ref RdataTokens tokens, RdataBuffer rdata)
    {
        if (!tokens.TryNext("a number", out var token))
        {
            return false;
        }

        if (!uint.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            return tokens.Fail(token, "a number from 0 to 4294967295");
        }

        rdata.AddUInt32(value);
        return true;
    }

    public static bool TryParseSeconds(ref RdataTokens tokens, RdataBuffer rdata)
    {
        if (!tokens.TryNext("a number of seconds", out var token))
        {
            return false;
        }

        if (!TtlText.TryParse(token.Text, out var value))
        {
            return tokens.Fail(token, "a number of seconds such as 3600 or 1h");
        }

        rdata.AddUInt32(value);
        return true;
    }

    public static bool TryParseTimestamp(ref RdataTokens tokens, RdataBuffer rdata)
    {
        if (!tokens.TryNext("a time", out var token))
        {
            return false;
        }

        if (!TimestampText.TryParse(token.Text, out var value))
        {
            return tokens.Fail(token, "a time as YYYYMMDDHHmmSS or in seconds since 1970");
        }

        rdata.AddUInt32(value);
        return true;
    }

    public static bool TryParseAlgorithm(ref RdataTokens tokens, RdataBuffer rdata)
    {
        if (!tokens.TryNext("an algorithm", out var token))
        {
            return false;
        }

        if (!AlgorithmText.TryParse(token.Text, out var value))
        {
            return tokens.Fail(token, "an algorithm's number or mnemonic");
        }

        rdata.Add(value);
        return true;
    }

    public static bool TryParseType(ref RdataTokens tokens, RdataBuffer rdata)
    {
        if (!tokens.TryNext("a record type", out var token))
        {
            return false;
        }

        if (!RecordTypeText.TryParse(token.Text, out var value))
        {
            return tokens.Fail(token, "a record type");
        }

        rdata.AddUInt16((ushort)value);
        return true;
    }

    public static bool TryParseCertificateType(ref RdataTokens tokens, RdataBuffer rdata)
    {
        if (!tokens.TryNext("a certificate type", out var token))
        {
            return false;
        }

        if (!AlgorithmText.TryParseCertificateType(token.Text, out var value))
        {
            return tokens.Fail(token, "a certificate type's number or mnemonic");
        }

        rdata.AddUInt16(value);
        return true;
    }
}
