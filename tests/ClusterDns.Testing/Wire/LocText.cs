using System.Globalization;

namespace ClusterDns.Testing.Wire;

/// <summary>Latitude, longitude, altitude and, where they are not the defaults, size and precisions (RFC 1876 §3).</summary>
public static class LocText
{
    private const uint Equator = 1u << 31;
    private const uint SeaLevel = 10_000_000;

    public static string Render(WireReader reader)
    {
        byte[] head = reader.Bytes(4);
        (uint latitude, uint longitude, uint altitude) = (reader.UInt32(), reader.UInt32(), reader.UInt32());
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"{Degrees(latitude, 'N', 'S')} {Degrees(longitude, 'E', 'W')} {((long)altitude - SeaLevel) / 100.0:F2}m");
        return (head[1], head[2], head[3]) == (0x12, 0x16, 0x13)
            ? text
            : string.Create(CultureInfo.InvariantCulture, $"{text} {Metres(head[1])} {Metres(head[2])} {Metres(head[3])}");
    }

    public static byte[] Parse(Queue<string> tokens)
    {
        uint latitude = ParseDegrees(tokens, "N");
        uint longitude = ParseDegrees(tokens, "E");
        long altitude = (long)Math.Round(Centimetres(tokens.Dequeue()));
        byte[] head = [0, 0x12, 0x16, 0x13];
        for (int i = 1; i < 4 && tokens.Count > 0; i++)
        {
            head[i] = Packed(Centimetres(tokens.Dequeue()));
        }

        return new WireBuilder().Bytes(head).UInt32(latitude).UInt32(longitude).UInt32((uint)(altitude + SeaLevel)).ToArray();
    }

    private static string Degrees(uint value, char positive, char negative)
    {
        char hemisphere = value > Equator ? positive : negative;
        uint thousandths = value > Equator ? value - Equator : Equator - value;
        return $"{thousandths / 3_600_000} {thousandths / 60_000 % 60} {thousandths / 1000 % 60}.{thousandths % 1000:D3} {hemisphere}";
    }

    private static string Metres(byte packed) =>
        $"{((packed >> 4) * Math.Pow(10, packed & 15) / 100).ToString("F2", CultureInfo.InvariantCulture)}m";

    private static uint ParseDegrees(Queue<string> tokens, string positive)
    {
        double thousandths = 0;
        for (double unit = 3_600_000; unit >= 1000; unit /= 60)
        {
            if (char.IsAsciiLetter(tokens.Peek()[0]))
            {
                break;
            }

            thousandths += double.Parse(tokens.Dequeue(), CultureInfo.InvariantCulture) * unit;
        }

        uint distance = (uint)Math.Round(thousandths);
        return tokens.Dequeue() == positive ? Equator + distance : Equator - distance;
    }

    private static double Centimetres(string text) => double.Parse(text.TrimEnd('m'), CultureInfo.InvariantCulture) * 100;

    private static byte Packed(double centimetres)
    {
        int exponent = 0;
        for (; centimetres >= 10; centimetres /= 10)
        {
            exponent++;
        }

        return (byte)(((int)Math.Round(centimetres) << 4) | exponent);
    }
}
