using System.Text;

namespace ClusterDns.Protocol.Presentation;

/// <summary>Base 32 with the extended hexadecimal alphabet and no padding (RFC 4648 §7, RFC 5155 §3.3).</summary>
internal static class Base32Hex
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUV";

    /// <summary>Appends the octets; false where a character is not of the alphabet or bits are left over.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, RdataBuffer octets)
    {
        var bits = 0;
        var pending = 0;
        foreach (var character in text)
        {
            var value = Alphabet.IndexOf(char.ToUpperInvariant(character), StringComparison.Ordinal);
            if (value < 0)
            {
                return false;
            }

            pending = (pending << 5) | value;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                octets.Add((byte)(pending >> bits));
                pending &= (1 << bits) - 1;
            }
        }

        return bits < 5 && pending == 0;
    }

    public static void Append(StringBuilder text, ReadOnlySpan<byte> octets)
    {
        var bits = 0;
        var pending = 0;
        foreach (var octet in octets)
        {
            pending = (pending << 8) | octet;
            bits += 8;
            while (bits >= 5)
            {
                bits -= 5;
                text.Append(Alphabet[pending >> bits]);
                pending &= (1 << bits) - 1;
            }
        }

        if (bits > 0)
        {
            text.Append(Alphabet[pending << (5 - bits)]);
        }
    }
}
