using System.Buffers;
using System.Globalization;
using System.Text;

namespace ClusterDns.Core.Corefile;

/// <summary>Durations in the notation of Go, which Corefiles use: <c>1h15m30.918s</c>.</summary>
public static class GoDuration
{
    // What a 64-bit count of nanoseconds, Go's duration, can hold; beyond it Go refuses, and so do we.
    private const decimal LongestInNanoseconds = long.MaxValue;

    /// <summary>For what a timer waits: .NET's timers know no more than 2³² milliseconds, which is 49.7 days.</summary>
    public static readonly TimeSpan LongestTimer = TimeSpan.FromDays(49);

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

    /// <summary>As Go prints it, which log lines do: <c>1m0s</c>, <c>1h0m0.5s</c>, <c>1.5ms</c>, <c>0s</c>.</summary>
    public static string FormatAsGo(TimeSpan value)
    {
        string sign = value < TimeSpan.Zero ? "-" : "";
        decimal seconds = Math.Abs((decimal)value.Ticks) / TimeSpan.TicksPerSecond;
        if (seconds is > 0 and < 1)
        {
            (decimal scale, string unit) = seconds < 0.000001m ? (1_000_000_000m, "ns") : seconds < 0.001m ? (1_000_000m, "\u00b5s") : (1000m, "ms");
            return string.Create(CultureInfo.InvariantCulture, $"{sign}{seconds * scale:0.####}{unit}");
        }

        decimal minutes = decimal.Floor(seconds / 60);
        decimal hours = decimal.Floor(minutes / 60);
        string hoursText = hours > 0 ? string.Create(CultureInfo.InvariantCulture, $"{hours:0}h") : "";
        string minutesText = minutes > 0 ? string.Create(CultureInfo.InvariantCulture, $"{minutes % 60:0}m") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{hoursText}{minutesText}{seconds % 60:0.#######}s");
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
