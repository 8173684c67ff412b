using System.Text;

namespace ClusterDns.Testing.Wire;

/// <summary>Base 32 with the extended hex alphabet, without padding (RFC 5155 §1.3).</summary>
public static class Base32Hex
{
    private const string Alphabet = "0123456789abcdefghijklmnopqrstuv";

    public static string Encode(byte[] octets)
    {
        StringBuilder text = new();
        for (int bit = 0; bit < octets.Length * 8; bit += 5)
        {
            int index = bit / 8;
            int pair = (octets[index] << 8) | (index + 1 < octets.Length ? octets[index + 1] : 0);
            text.Append(Alphabet[(pair >> (11 - bit % 8)) & 31]);
        }

        return text.ToString();
    }

    public static byte[] Decode(string text)
    {
        byte[] octets = new byte[text.Length * 5 / 8];
        for (int i = 0; i < octets.Length * 8; i++)
        {
            int value = Alphabet.IndexOf(char.ToLowerInvariant(text[i / 5]), StringComparison.Ordinal);
            octets[i / 8] |= (byte)(((value >> (4 - i % 5)) & 1) << (7 - i % 8));
        }

        return octets;
    }
}
