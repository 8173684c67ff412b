using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;

namespace ClusterDns.Testing.Wire;

/// <summary>The parameters of SVCB and HTTPS (RFC 9460 §2.1), every value in quotes.</summary>
public static class SvcbText
{
    private static readonly string[] Keys =
        ["mandatory", "alpn", "no-default-alpn", "port", "ipv4hint", "ech", "ipv6hint", "dohpath"];

    public static string Render(WireReader reader)
    {
        List<string> parameters = [];
        while (reader.Remaining > 0)
        {
            ushort key = reader.UInt16();
            byte[] value = reader.Bytes(reader.UInt16());
            string name = KeyName(key);
            parameters.Add(value.Length == 0 ? name : $"{name}=\"{Value(name, value)}\"");
        }

        return string.Join(' ', parameters);
    }

    public static byte[] Parse(IEnumerable<string> tokens)
    {
        WireBuilder builder = new();
        foreach (string token in tokens)
        {
            string[] pair = token.Split('=', 2);
            byte[] value = pair.Length == 1 ? [] : ParseValue(pair[0], pair[1].Trim('"'));
            builder.UInt16(KeyValue(pair[0])).UInt16(value.Length).Bytes(value);
        }

        return builder.ToArray();
    }

    private static string Value(string key, byte[] value) => key switch
    {
        "mandatory" => string.Join(',', Pairs(value).Select(KeyName)),
        "alpn" => string.Join(',', CharacterStrings(value)),
        "port" => $"{BinaryPrimitives.ReadUInt16BigEndian(value)}",
        "ipv4hint" => string.Join(',', value.Chunk(4).Select(static a => new IPAddress(a))),
        "ipv6hint" => string.Join(',', value.Chunk(16).Select(static a => new IPAddress(a))),
        "ech" => Convert.ToBase64String(value),
        _ => RdataText.Escaped(value),
    };

    private static byte[] ParseValue(string key, string text) => key switch
    {
        "mandatory" => [.. text.Split(',').SelectMany(static k => new WireBuilder().UInt16(KeyValue(k)).ToArray())],
        "alpn" => [.. text.Split(',').SelectMany(static a => (byte[])[(byte)a.Length, .. Encoding.ASCII.GetBytes(a)])],
        "port" => new WireBuilder().UInt16(int.Parse(text, CultureInfo.InvariantCulture)).ToArray(),
        "ipv4hint" or "ipv6hint" => [.. text.Split(',').SelectMany(static a => IPAddress.Parse(a).GetAddressBytes())],
        "ech" => Convert.FromBase64String(text),
        _ => Encoding.ASCII.GetBytes(text),
    };

    private static IEnumerable<ushort> Pairs(byte[] value) =>
        value.Chunk(2).Select(static p => BinaryPrimitives.ReadUInt16BigEndian(p));

    private static IEnumerable<string> CharacterStrings(byte[] value)
    {
        WireReader reader = new(value);
        while (reader.Remaining > 0)
        {
            yield return RdataText.Escaped(reader.CharacterString());
        }
    }

    private static string KeyName(ushort key) => key < Keys.Length - 1 ? Keys[key] : $"key{key}";

    private static int KeyValue(string name) =>
        Array.IndexOf(Keys, name) is >= 0 and var index
            ? index
            : int.Parse(name.AsSpan("key".Length), CultureInfo.InvariantCulture);
}
