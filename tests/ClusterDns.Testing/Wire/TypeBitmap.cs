namespace ClusterDns.Testing.Wire;

/// <summary>The types that exist at a name (RFC 4034 §4.1.2).</summary>
public static class TypeBitmap
{
    public static string Render(WireReader reader)
    {
        List<string> types = [];
        while (reader.Remaining > 0)
        {
            int window = reader.Byte();
            byte[] bits = reader.CharacterString();
            for (int i = 0; i < bits.Length * 8; i++)
            {
                if ((bits[i / 8] & (0x80 >> (i % 8))) != 0)
                {
                    types.Add(Mnemonics.TypeName((ushort)((window << 8) | i)));
                }
            }
        }

        return string.Join(' ', types);
    }

    public static byte[] Parse(IEnumerable<string> names)
    {
        List<byte> octets = [];
        foreach (IGrouping<int, ushort> window in names.Select(Mnemonics.TypeValue).GroupBy(static t => t >> 8).OrderBy(static g => g.Key))
        {
            byte[] bits = new byte[(window.Max() & 0xff) / 8 + 1];
            foreach (ushort type in window)
            {
                bits[(type & 0xff) / 8] |= (byte)(0x80 >> (type % 8));
            }

            octets.AddRange([(byte)window.Key, (byte)bits.Length, .. bits]);
        }

        return [.. octets];
    }
}
