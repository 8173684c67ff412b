using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace ClusterDns.Protocol.Presentation;

/// <summary>
/// LOC both ways (RFC 1876 §2 and §3): <c>52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m</c>.
/// </summary>
internal static class LocationText
{
    private const int Length = 16;
    private const int DefaultSize = 0x12;
    private const int DefaultHorizontal = 0x16;
    private const int DefaultVertical = 0x13;
    private const uint Equator = 0x8000_0000;
    private const long GroundLevel = 10_000_000;
    private const long MaxPrecision = 9_000_000_000;

    public static bool TryParse(ref RdataTokens tokens, RdataBuffer rdata)
    {
        if (!TryParseAngle(ref tokens, 90, 'N', 'S', out var latitude)
            || !TryParseAngle(ref tokens, 180, 'E', 'W', out var longitude)
            || !tokens.TryNext("an altitude in metres", out var token))
        {
            return false;
        }

        if (!TryParseCentimetres(token.Text, out var altitude) || altitude + GroundLevel is < 0 or > uint.MaxValue)
        {
            return tokens.Fail(token, "an altitude in metres from -100000.00 to 42849672.95");
        }

        Span<byte> precisions = [DefaultSize, DefaultHorizontal, DefaultVertical];
        for (var index = 0; index < precisions.Length && !tokens.AtEnd; index++)
        {
            _ = tokens.TryNext("", out token);
            if (!TryParseCentimetres(token.Text, out var centimetres) || centimetres is < 0 or > MaxPrecision)
            {
                return tokens.Fail(token, "a size or precision in metres from 0 to 90000000.00");
            }

            precisions[index] = EncodePrecision(centimetres);
        }

        rdata.Add(0);
        rdata.Add(precisions);
        rdata.AddUInt32(latitude);
        rdata.AddUInt32(longitude);
        rdata.AddUInt32((uint)(altitude + GroundLevel));
        return true;
    }

    /// <summary>False for another version than 0 and for values that no text stands for.</summary>
    public static bool TryFormat(ref ReadOnlySpan<byte> rdata, StringBuilder text)
    {
        if (rdata.Length != Length || rdata[0] != 0 || !IsPrecision(rdata[1]) || !IsPrecision(rdata[2]) || !IsPrecision(rdata[3]))
        {
            return false;
        }

        if (!TryAppendAngle(text, BinaryPrimitives.ReadUInt32BigEndian(rdata[4..]), 90, 'N', 'S')
            || !TryAppendAngle(text, BinaryPrimitives.ReadUInt32BigEndian(rdata[8..]), 180, 'E', 'W'))
        {
            return false;
        }

        var altitude = BinaryPrimitives.ReadUInt32BigEndian(rdata[12..]) - GroundLevel;
        var sign = altitude < 0 ? "-" : "";
        text.Append(CultureInfo.InvariantCulture, $"{sign}{Math.Abs(altitude) / 100}.{Math.Abs(altitude) % 100:D2}m");
        AppendPrecision(text, rdata[1]);
        AppendPrecision(text, rdata[2]);
        AppendPrecision(text, rdata[3]);
        rdata = [];
        return true;
    }

    // Degrees, then minutes and seconds where they are not zero, then the half of the globe.
    private static bool TryParseAngle(ref RdataTokens tokens, int maxDegrees, char positive, char negative, out uint angle)
    {
        angle = 0;
        Span<long> parts = stackalloc long[3];
        for (var index = 0; ; index++)
        {
            var expected = index < parts.Length ? $"degrees, minutes and seconds and then {positive} or {negative}" : $"{positive} or {negative}";
            if (!tokens.TryNext(expected, out var token))
            {
                return false;
            }

            if (index > 0 && token.Text.Length == 1 && char.ToUpperInvariant(token.Text[0]) is var half && (half == positive || half == negative))
            {
                var thousandths = (((parts[0] * 60) + parts[1]) * 60_000) + parts[2];
                if (thousandths > maxDegrees * 3_600_000L)
                {
                    return tokens.Fail(token, $"at most {maxDegrees} degrees before it");
                }

                angle = (uint)(half == positive ? Equator + thousandths : Equator - thousandths);
                return true;
            }

            if (index >= parts.Length || !TryParseFixed(token.Text, index == 2 ? 3 : 0, out parts[index])
                || parts[index] < 0 || parts[index] > (index == 0 ? maxDegrees : index == 1 ? 59 : 59_999))
            {
                return tokens.Fail(token, expected);
            }
        }
    }

    private static bool TryAppendAngle(StringBuilder text, uint angle, int maxDegrees, char positive, char negative)
    {
        var thousandths = Math.Abs(angle - (long)Equator);
        if (thousandths > maxDegrees * 3_600_000L)
        {
            return false;
        }

        var seconds = thousandths / 1000;
        text.Append(
            CultureInfo.InvariantCulture,
            $"{seconds / 3600} {seconds / 60 % 60} {seconds % 60}.{thousandths % 1000:D3} {(angle >= Equator ? positive : negative)} ");
        return true;
    }

    private static bool TryParseCentimetres(ReadOnlySpan<char> text, out long centimetres) =>
        TryParseFixed(text.EndsWith("m", StringComparison.OrdinalIgnoreCase) ? text[..^1] : text, 2, out centimetres);

    // A decimal number with up to so many digits behind the point, as a whole number of its last digit.
    private static bool TryParseFixed(ReadOnlySpan<char> text, int decimals, out long value)
    {
        value = 0;
        var isNegative = text.StartsWith('-');
        text = isNegative ? text[1..] : text;
        var point = text.IndexOf('.');
        var whole = point < 0 ? text : text[..point];
        var fraction = point < 0 ? [] : text[(point + 1)..];
        if (whole.Length is 0 or > 10 || fraction.Length > decimals
            || !long.TryParse(whole, NumberStyles.None, CultureInfo.InvariantCulture, out value))
        {
            return false;
        }

        long digits = 0;
        if (!fraction.IsEmpty && !long.TryParse(fraction, NumberStyles.None, CultureInfo.InvariantCulture, out digits))
        {
            return false;
        }

        for (var index = 0; index < decimals; index++)
        {
            value *= 10;
            digits *= index < decimals - fraction.Length ? 10 : 1;
        }

        value += digits;
        value = isNegative ? -value : value;
        return true;
    }

    // A digit and a power of ten, in half an octet each.
    private static byte EncodePrecision(long centimetres)
    {
        var exponent = 0;
        while (centimetres >= 10)
        {
            centimetres /= 10;
            exponent++;
        }

        return (byte)((centimetres << 4) | (byte)exponent);
    }

    private static bool IsPrecision(byte octet) => octet >> 4 <= 9 && (octet & 0xf) <= 9;

    private static void AppendPrecision(StringBuilder text, byte octet)
    {
        long centimetres = octet >> 4;
        for (var exponent = octet & 0xf; exponent > 0; exponent--)
        {
            centimetres *= 10;
        }

        text.Append(' ').Append(CultureInfo.InvariantCulture, $"{centimetres / 100}");
        if (centimetres < 100)
        {
            text.Append(CultureInfo.InvariantCulture, $".{centimetres:D2}");
        }

        text.Append('m');
    }
}
