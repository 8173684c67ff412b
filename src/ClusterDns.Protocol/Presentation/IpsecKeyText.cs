using System.Globalization;
using System.Text;

namespace ClusterDns.Protocol.Presentation;

/// <summary>IPSECKEY both ways (RFC 4025 §2 and §3): the gateway's form depends on the field before it.</summary>
internal static class IpsecKeyText
{
    private const int HeaderLength = 3;
    private const byte NoGateway = 0;
    private const byte IPv4Gateway = 1;
    private const byte IPv6Gateway = 2;
    private const byte NamedGateway = 3;

    public static bool TryParse(ref RdataTokens tokens, RdataBuffer rdata)
    {
        if (!NumberText.TryParseUInt8(ref tokens, rdata, "a precedence")
            || !NumberText.TryParseUInt8(ref tokens, rdata, "a gateway type"))
        {
            return false;
        }

        var type = rdata[rdata.Length - 1];
        return NumberText.TryParseUInt8(ref tokens, rdata, "an algorithm")
            && TryParseGateway(ref tokens, rdata, type)
            && (tokens.AtEnd || OctetsText.TryParseBase64Rest(ref tokens, rdata));
    }

    public static bool TryFormat(ref ReadOnlySpan<byte> rdata, StringBuilder text)
    {
        if (rdata.Length < HeaderLength)
        {
            return false;
        }

        text.Append(CultureInfo.InvariantCulture, $"{rdata[0]} {rdata[1]} {rdata[2]} ");
        var type = rdata[1];
        rdata = rdata[HeaderLength..];
        if (!TryFormatGateway(ref rdata, text, type))
        {
            return false;
        }

        if (!rdata.IsEmpty)
        {
            text.Append(' ');
            OctetsText.AppendBase64(text, rdata);
        }

        rdata = [];
        return true;
    }

    private static bool TryParseGateway(ref RdataTokens tokens, RdataBuffer rdata, byte type)
    {
        if (type == NamedGateway)
        {
            return RdataNameText.TryParse(ref tokens, rdata, "the gateway's name");
        }

        if (!tokens.TryNext("a gateway", out var token))
        {
            return false;
        }

        return type switch
        {
            NoGateway => token.Text is "." || tokens.Fail(token, "'.', as the gateway type is 0"),
            IPv4Gateway => AddressText.TryParseIPv4(token.Text, rdata) || tokens.Fail(token, "an IPv4 address, as the gateway type is 1"),
            IPv6Gateway => AddressText.TryParseIPv6(token.Text, rdata) || tokens.Fail(token, "an IPv6 address, as the gateway type is 2"),
            _ => tokens.Fail(token, "a gateway type from 0 to 3 before it"),
        };
    }

    private static bool TryFormatGateway(ref ReadOnlySpan<byte> rdata, StringBuilder text, byte type)
    {
        switch (type)
        {
            case NoGateway:
                text.Append('.');
                return true;
            case NamedGateway:
                return RdataNameText.TryFormat(ref rdata, text);
            case IPv4Gateway or IPv6Gateway:
                var size = type == IPv4Gateway ? AddressText.IPv4Length : AddressText.IPv6Length;
                if (rdata.Length < size)
                {
                    return false;
                }

                AddressText.Append(text, rdata[..size]);
                rdata = rdata[size..];
                return true;
            default:
                return false;
        }
    }
}
