using System.Globalization;
using System.Net;
using System.Text;

namespace ClusterDns.Testing.Wire;

/// <summary>RDATA from presentation format to wire form, for the types of <see cref="RdataLayout"/> and RFC 3597's form.</summary>
public static class RdataParser
{
    /// <param name="tokens">As <see cref="TextTokens"/> gives them: a quoted one keeps its leading quote.</param>
    public static byte[] Parse(ushort type, ushort @class, IEnumerable<string> tokens, WireName? origin = null)
    {
        Queue<string> queue = new(tokens);
        string? layout = RdataLayout.For(type, @class);
        if (layout is null || queue.Peek() is "\\#")
        {
            return Convert.FromHexString(string.Concat(queue.Skip(2)));
        }

        WireBuilder rdata = new();
        foreach (char field in layout)
        {
            rdata.Bytes(Field(field, queue, origin));
        }

        return rdata.ToArray();
    }

    public static WireRecord ParseRecord(string line)
    {
        List<string> tokens = TextTokens.Split(line);
        ushort @class = Mnemonics.ClassValue(tokens[2]);
        ushort type = Mnemonics.TypeValue(tokens[3]);
        uint ttl = uint.Parse(tokens[1], CultureInfo.InvariantCulture);
        return new WireRecord(WireName.Parse(tokens[0]), type, @class, ttl, Parse(type, @class, tokens.Skip(4)));
    }

    private static byte[] Field(char field, Queue<string> tokens, WireName? origin) => field switch
    {
        'n' => WireName.Parse(tokens.Dequeue(), origin).ToWire(),
        '1' => [byte.Parse(tokens.Dequeue(), CultureInfo.InvariantCulture)],
        '2' => Number(tokens, 2),
        '4' => Number(tokens, 4),
        't' => new WireBuilder().UInt16(Mnemonics.TypeValue(tokens.Dequeue())).ToArray(),
        'T' => new WireBuilder().UInt32(Time(tokens.Dequeue())).ToArray(),
        's' => Counted(tokens.Dequeue()),
        'S' => [.. Drain(tokens).SelectMany(Counted)],
        'a' or '6' => IPAddress.Parse(tokens.Dequeue()).GetAddressBytes(),
        'h' => Convert.FromHexString(string.Concat(Drain(tokens))),
        'b' => Convert.FromBase64String(string.Concat(Drain(tokens))),
        'B' => TypeBitmap.Parse(Drain(tokens)),
        'c' => [.. Counted(tokens.Dequeue()), .. Unescaped(tokens.Dequeue())],
        'x' => tokens.Dequeue() is not "-" and var salt ? [(byte)(salt.Length / 2), .. Convert.FromHexString(salt)] : [0],
        'H' => Base32Hex.Decode(tokens.Dequeue()) is var hash ? [(byte)hash.Length, .. hash] : [],
        'p' => SvcbText.Parse(Drain(tokens)),
        'q' => Unescaped(tokens.Dequeue()),
        'L' => LocText.Parse(tokens),
        _ => throw new InvalidOperationException($"no field {field}"),
    };

    private static byte[] Number(Queue<string> tokens, int size)
    {
        uint value = uint.Parse(tokens.Dequeue(), CultureInfo.InvariantCulture);
        return size == 2 ? new WireBuilder().UInt16((int)value).ToArray() : new WireBuilder().UInt32(value).ToArray();
    }

    private static uint Time(string text) =>
        (uint)DateTimeOffset.ParseExact(text, "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
            .ToUnixTimeSeconds();

    private static List<string> Drain(Queue<string> tokens)
    {
        List<string> rest = [.. tokens];
        tokens.Clear();
        return rest;
    }

    private static byte[] Counted(string token) => Unescaped(token) is var text ? [(byte)text.Length, .. text] : [];

    private static byte[] Unescaped(string token)
    {
        string text = token is ['"', ..] ? token[1..] : token;
        List<byte> octets = [];
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                octets.AddRange(Encoding.UTF8.GetBytes(text, i, 1));
            }
            else if (i + 3 < text.Length && char.IsAsciiDigit(text[i + 1]))
            {
                octets.Add(byte.Parse(text.AsSpan(i + 1, 3), CultureInfo.InvariantCulture));
                i += 3;
            }
            else
            {
                octets.Add((byte)text[++i]);
            }
        }

        return [.. octets];
    }
}
