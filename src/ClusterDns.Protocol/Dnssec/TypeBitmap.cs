using ClusterDns.Protocol.Records;

namespace ClusterDns.Protocol.Dnssec;

/// <summary>Writes the Type Bit Maps field of NSEC and CSYNC records (RFC 4034 §4.1.2).</summary>
public static class TypeBitmap
{
    /// <summary>Octets of one window with its two fields in front.</summary>
    public const int MaxWindow = 34;

    /// <param name="types">Ascending, each once.</param>
    /// <param name="bitmap">Room for <see cref="MaxWindow"/> octets for every 256 types in use.</param>
    public static int Write(ReadOnlySpan<RecordType> types, Span<byte> bitmap)
    {
        var start = 0;
        var end = 0;
        var window = -1;
        foreach (var type in types)
        {
            if ((ushort)type >> 8 != window)
            {
                window = (ushort)type >> 8;
                start = end;
                bitmap[start] = (byte)window;
                end = start + 2;
            }

            var octet = start + 2 + (((ushort)type & 0xff) >> 3);
            while (end <= octet)
            {
                bitmap[end++] = 0;
            }

            bitmap[octet] |= (byte)(0x80 >> ((ushort)type & 7));
            bitmap[start + 1] = (byte)(end - start - 2);
        }

        return end;
    }

    /// <summary>The field as an array; <paramref name="types"/> in any order, repeated or not.</summary>
    public static byte[] Create(IEnumerable<RecordType> types)
    {
        var sorted = types.Distinct().Order().ToArray();
        var windows = sorted.Select(static type => (ushort)type >> 8).Distinct().Count();
        var bitmap = new byte[windows * MaxWindow];
        return bitmap[..Write(sorted, bitmap)];
    }
}
