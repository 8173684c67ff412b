using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace ClusterDns.Protocol.Presentation;

/// <summary>Service parameters both ways (RFC 9460 §2.1 and §7): <c>alpn="h2,h3" port=8443</c>.</summary>
internal static class ServiceParameterText
{
    private const int HeaderLength = 4;

    /// <summary>Takes all words that are left, in any order; writes them in the order of their keys (RFC 9460 §2.2).</summary>
    public static bool TryParse(ref RdataTokens tokens, RdataBuffer rdata)
    {
        var parameters = new SortedDictionary<ushort, byte[]>();
        var value = new RdataBuffer();
        while (tokens.TryPeek(out var token))
        {
            _ = tokens.TryNext("", out _);
            var equals = token.Text.IndexOf('=');
            var name = equals < 0 ? token.Text : token.Text[..equals];
            if (!ServiceParameterKey.TryParse(name, out var key))
            {
                return tokens.Fail(token, "a service parameter such as alpn=h2, port=443 or key667=value");
            }

            value.Truncate(0);
            var text = equals < 0 ? [] : token.Text[(equals + 1)..];
            if (!TryParseValue(key, text, equals >= 0, value))
            {
                return tokens.Fail(token, $"{ExpectedValueOf(key)} as the value of {ServiceParameterKey.Format(key)}");
            }

            if (!parameters.TryAdd(key, value.Written.ToArray()))
            {
                return tokens.Fail(token, $"{ServiceParameterKey.Format(key)} only once");
            }
        }

        foreach (var (key, octets) in parameters)
        {
            if (octets.Length > ushort.MaxValue)
            {
                return tokens.Fail(default, "a value of at most 65535 octets");
            }

            rdata.AddUInt16(key);
            rdata.AddUInt16((ushort)octets.Length);
            rdata.Add(octets);
        }

        return true;
    }

    /// <summary>False where the parameters are not whole, not in order, or have values that their keys cannot have.</summary>
    public static bool TryFormat(ref ReadOnlySpan<byte> rdata, StringBuilder text)
    {
        var last = -1;
        while (!rdata.IsEmpty)
        {
            if (rdata.Length < HeaderLength)
            {
                return false;
            }

            var key = BinaryPrimitives.ReadUInt16BigEndian(rdata);
            var length = BinaryPrimitives.ReadUInt16BigEndian(rdata[2..]);
            if (key <= last || key == ushort.MaxValue || rdata.Length - HeaderLength < length)
            {
                return false;
            }

            text.Append(last < 0 ? "" : " ").Append(ServiceParameterKey.Format(key));
            if (!TryFormatValue(key, rdata.Slice(HeaderLength, length), text))
            {
                return false;
            }

            last = key;
            rdata = rdata[(HeaderLength + length)..];
        }

        return true;
    }

    private static bool TryParseValue(ushort key, ReadOnlySpan<char> text, bool hasValue, RdataBuffer value) => key switch
    {
        ServiceParameterKey.Mandatory => TryParseMandatory(text, value),
        ServiceParameterKey.Alpn => TryParseAlpn(text, value),
        ServiceParameterKey.NoDefaultAlpn or ServiceParameterKey.Ohttp => !hasValue,
        ServiceParameterKey.Port => TryParsePort(text, value),
        ServiceParameterKey.IPv4Hint => TryParseHints(text, value, AddressText.TryParseIPv4),
        ServiceParameterKey.IPv6Hint => TryParseHints(text, value, AddressText.TryParseIPv6),
        ServiceParameterKey.Ech => OctetsText.TryDecodeBase64(text, value),
        _ => CharacterStringText.TryDecode(text, value),
    };

    private static string ExpectedValueOf(ushort key) => key switch
    {
        ServiceParameterKey.Mandatory => "keys other than mandatory, each once, with commas between them,",
        ServiceParameterKey.Alpn => "protocol ids of 1 to 255 octets with commas between them",
        ServiceParameterKey.NoDefaultAlpn or ServiceParameterKey.Ohttp => "nothing",
        ServiceParameterKey.Port => "a number from 0 to 65535",
        ServiceParameterKey.IPv4Hint => "IPv4 addresses with commas between them",
        ServiceParameterKey.IPv6Hint => "IPv6 addresses with commas between them",
        ServiceParameterKey.Ech => "base 64",
        _ => "a string",
    };

    private static bool TryParseMandatory(ReadOnlySpan<char> text, RdataBuffer value)
    {
        var keys = new SortedSet<ushort>();
        foreach (var part in text.Split(','))
        {
            if (!ServiceParameterKey.TryParse(text[part], out var key) || key == ServiceParameterKey.Mandatory || !keys.Add(key))
            {
                return false;
            }
        }

        foreach (var key in keys)
        {
            value.AddUInt16(key);
        }

        return true;
    }

    // A list inside a string: escapes are undone first, then a backslash keeps a comma from ending an id (RFC 9460 A.1).
    private static bool TryParseAlpn(ReadOnlySpan<char> text, RdataBuffer value)
    {
        var list = new RdataBuffer();
        if (!CharacterStringText.TryDecode(text, list))
        {
            return false;
        }

        var octets = list.Written;
        var lengthAt = value.Length;
        value.Add(0);
        for (var index = 0; index <= octets.Length; index++)
        {
            if (index == octets.Length || octets[index] == ',')
            {
                var length = value.Length - lengthAt - 1;
                if (length is 0 or > byte.MaxValue)
                {
                    return false;
                }

                value[lengthAt] = (byte)length;
                lengthAt = value.Length;
                if (index < octets.Length)
                {
                    value.Add(0);
                }

                continue;
            }

            index += octets[index] == '\\' && index + 1 < octets.Length ? 1 : 0;
            value.Add(octets[index]);
        }

        return true;
    }

    private static bool TryParsePort(ReadOnlySpan<char> text, RdataBuffer value)
    {
        var isPort = ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port);
        value.AddUInt16(port);
        return isPort;
    }

    private static bool TryParseHints(ReadOnlySpan<char> text, RdataBuffer value, AddressParser parser)
    {
        foreach (var part in text.Split(','))
        {
            if (!parser(text[part], value))
            {
                return false;
            }
        }

        return true;
    }

    private delegate bool AddressParser(ReadOnlySpan<char> text, RdataBuffer value);

    private static bool TryFormatValue(ushort key, ReadOnlySpan<byte> value, StringBuilder text)
    {
        switch (key)
        {
            case ServiceParameterKey.Mandatory:
                return TryFormatMandatory(value, text);
            case ServiceParameterKey.Alpn:
                return TryFormatAlpn(value, text);
            case ServiceParameterKey.NoDefaultAlpn or ServiceParameterKey.Ohttp:
                return value.IsEmpty;
            case ServiceParameterKey.Port:
                text.Append('=').Append(value.Length == 2 ? BinaryPrimitives.ReadUInt16BigEndian(value) : 0);
                return value.Length == 2;
            case ServiceParameterKey.IPv4Hint:
                return TryFormatHints(value, AddressText.IPv4Length, text);
            case ServiceParameterKey.IPv6Hint:
                return TryFormatHints(value, AddressText.IPv6Length, text);
            case ServiceParameterKey.Ech:
                text.Append('=');
                OctetsText.AppendBase64(text, value);
                return !value.IsEmpty;
            default:
                if (!value.IsEmpty)
                {
                    text.Append('=');
                    CharacterStringText.AppendQuoted(text, value);
                }

                return true;
        }
    }

    private static bool TryFormatMandatory(ReadOnlySpan<byte> value, StringBuilder text)
    {
        var last = 0;
        for (var index = 0; index + 1 < value.Length; index += 2)
        {
            var key = BinaryPrimitives.ReadUInt16BigEndian(value[index..]);
            if (key <= last || key == ushort.MaxValue)
            {
                return false;
            }

            text.Append(index == 0 ? '=' : ',').Append(ServiceParameterKey.Format(key));
            last = key;
        }

        return value.Length % 2 == 0 && !value.IsEmpty;
    }

    private static bool TryFormatAlpn(ReadOnlySpan<byte> value, StringBuilder text)
    {
        if (value.IsEmpty)
        {
            return false;
        }

        text.Append("=\"");
        for (var isFirst = true; !value.IsEmpty; isFirst = false)
        {
            if (value[0] == 0 || value.Length <= value[0])
            {
                return false;
            }

            text.Append(isFirst ? "" : ",");
            foreach (var octet in value.Slice(1, value[0]))
            {
                // Escaped once for the list and once more for the string around it.
                text.Append(octet is (byte)',' or (byte)'\\' ? @"\\" : "");
                CharacterStringText.Append(text, [octet]);
            }

            value = value[(value[0] + 1)..];
        }

        text.Append('"');
        return true;
    }

    private static bool TryFormatHints(ReadOnlySpan<byte> value, int size, StringBuilder text)
    {
        if (value.IsEmpty || value.Length % size != 0)
        {
            return false;
        }

        for (var index = 0; index < value.Length; index += size)
        {
            text.Append(index == 0 ? '=' : ',');
            AddressText.Append(text, value.Slice(index, size));
        }

        return true;
    }
}
