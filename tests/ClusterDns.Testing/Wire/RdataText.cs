using System.Net;
using System.Text;

namespace ClusterDns.Testing.Wire;

/// <summary>RDATA in wire form to the text that the recordings hold.</summary>
public static class RdataText
{
    // Base64 and opaque hex stand in words of this many characters.
    private const int Word = 32;
    private const int LongWord = 128;

    public static string Render(ushort type, ushort @class, byte[] rdata)
    {
        string? layout = RdataLayout.For(type, @class);
        if (layout is null || rdata.Length == 0)
        {
            return $"\\# {rdata.Length} {Words(Convert.ToHexStringLower(rdata), Word)}";
        }

        WireReader reader = new(rdata);
        return string.Join(' ', layout.Select(f => Field(f, reader, type)).Where(static f => f.Length > 0));
    }

    /// <summary>A character-string in quotes; what is not printable ASCII as <c>\DDD</c>.</summary>
    public static string Quoted(byte[] text) => $"\"{Escaped(text)}\"";

    public static string Escaped(byte[] text)
    {
        StringBuilder escaped = new();
        foreach (byte octet in text)
        {
            if (octet is (byte)'"' or (byte)'\\')
            {
                escaped.Append('\\').Append((char)octet);
            }
            else if (octet is >= 0x20 and < 0x7f)
            {
                escaped.Append((char)octet);
            }
            else
            {
                escaped.Append('\\').Append(octet.ToString("D3"));
            }
        }

        return escaped.ToString();
    }

    private static string Field(char field, WireReader reader, ushort type) => field switch
    {
        'n' => reader.Name().ToString(),
        '1' => $"{reader.Byte()}",
        '2' => $"{reader.UInt16()}",
        '4' => $"{reader.UInt32()}",
        't' => Mnemonics.TypeName(reader.UInt16()),
        'T' => DateTimeOffset.FromUnixTimeSeconds(reader.UInt32()).ToString("yyyyMMddHHmmss"),
        's' => Quoted(reader.CharacterString()),
        'S' => CharacterStrings(reader),
        'a' => new IPAddress(reader.Bytes(4)).ToString(),
        '6' => new IPAddress(reader.Bytes(16)).ToString(),
        'h' => Words(Convert.ToHexStringLower(reader.Rest()), LongWord),
        'b' => Words(Convert.ToBase64String(reader.Rest()), type == Mnemonics.TypeValue("OPENPGPKEY") ? int.MaxValue : Word),
        'B' => TypeBitmap.Render(reader),
        'c' => $"{Encoding.ASCII.GetString(reader.CharacterString())} {Quoted(reader.Rest())}",
        'x' => Salt(reader.CharacterString()),
        'H' => Base32Hex.Encode(reader.CharacterString()),
        'p' => SvcbText.Render(reader),
        'q' => Quoted(reader.Rest()),
        'L' => LocText.Render(reader),
        _ => throw new InvalidOperationException($"no field {field}"),
    };

    private static string CharacterStrings(WireReader reader)
    {
        List<string> texts = [];
        while (reader.Remaining > 0)
        {
            texts.Add(Quoted(reader.CharacterString()));
        }

        return string.Join(' ', texts);
    }

    private static string Salt(byte[] salt) => salt.Length == 0 ? "-" : Convert.ToHexStringLower(salt);

    private static string Words(string text, int length) => string.Join(' ', text.Chunk(length).Select(static c => new string(c)));
}
