using System.Buffers;
using System.Globalization;
using System.Text;

namespace ClusterDns.Core.Corefile;

/// <summary>Durations in the notation of Go, which Corefiles use: <c>1h15m30.918s</c>.</summary>
public static class GoDuration
{
    // What a 64-bit count of nanoseconds, Go's duration, can hold; beyond it Go refuses, and so do we.
    private const decimal LongestInNanoseconds = long.MaxValue;

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    /// <summary>Fractions below 100 ns are cut off. A number without a unit is refused, except 0.</summary>
    public static bool TryParse(string text, out TimeSpan value)
    {
        value = default;
        ReadOnlySpan<char> rest = text;
        bool negative = rest is ['-', ..];
        if (rest is ['-' or '+', ..])
        {
            rest = rest[1..];
        }

        if (rest is "0")
        {
            return true;
        }

        if (rest.IsEmpty)
        {
            return false;
        }

        decimal nanoseconds = 0;
        while (!rest.IsEmpty)
        {
            if (!TryReadNumber(ref rest, out decimal number) || !TryReadUnit(ref rest, out long unit)
                || number > LongestInNanoseconds / unit || (nanoseconds += number * unit) > LongestInNanoseconds)
            {
                return false;
            }
        }

        long ticks = (long)(nanoseconds / TimeSpan.NanosecondsPerTick);
        value = new TimeSpan(negative ? -ticks : ticks);
        return true;
    }

    /// <summary>The shortest form: <c>1m30s</c>, <c>100ms</c>, <c>0s</c>.</summary>
    public static string Format(TimeSpan value)
    {
        if (value == TimeSpan.Zero)
        {
            return "0s";
        }

        StringBuilder text = new(value < TimeSpan.Zero ? "-" : "");
        decimal rest = Math.Abs((decimal)value.Ticks) * TimeSpan.NanosecondsPerTick;
        ReadOnlySpan<(string Name, long Nanoseconds)> units =
        [
            ("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000),
            ("us", 1000), ("ns", 1),
        ];
        foreach ((string name, long nanoseconds) in units)
        {
            decimal count = decimal.Floor(rest / nanoseconds);
            rest -= count * nanoseconds;
            if (count > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"{count:0}{name}");
            }
        }

        return text.ToString();
    }

    private static bool TryReadNumber(ref ReadOnlySpan<char> rest, out decimal number)
    {
        int end = rest.IndexOfAnyExcept(NumberCharacters);
        if (end < 0)
        {
            end = rest.Length;
        }

        // 28 digits fit a decimal; Go's own limit on the value is far below.
        ReadOnlySpan<char> digits = rest[..Math.Min(end, 28)];
        rest = rest[end..];
        number = 0;
        return digits.Length == end && digits.ContainsAnyInRange('0', '9')
            && decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
    }

    private static bool TryReadUnit(ref ReadOnlySpan<char> rest, out long nanoseconds)
    {
        int end = rest.IndexOfAny(NumberCharacters);
        ReadOnlySpan<char> unit = end < 0 ? rest : rest[..end];
        rest = rest[unit.Length..];
        nanoseconds = unit switch
        {
            "ns" => 1,
            "us" or "\u00b5s" or "\u03bcs" => 1000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => 0,
        };
        return nanoseconds > 0;
    }
}
