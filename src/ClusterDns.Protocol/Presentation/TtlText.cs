namespace ClusterDns.Protocol.Presentation;

/// <summary>Seconds as a number or as BIND writes them: <c>1h30m</c>, <c>2w</c>.</summary>
public static class TtlText
{
    /// <summary>The largest TTL (RFC 2181 §8).</summary>
    public const uint MaxTtl = int.MaxValue;

    /// <summary>Reads up to 2^32−1 seconds; false for anything that is not wholly digits and units, each unit behind digits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out uint seconds)
    {
        seconds = 0;
        ulong total = 0;
        ulong number = 0;
        var digits = 0;
        var units = 0;
        foreach (var character in text)
        {
            if (char.IsAsciiDigit(character))
            {
                number = (number * 10) + (ulong)(character - '0');
                digits++;
                if (number > uint.MaxValue)
                {
                    return false;
                }

                continue;
            }

            var unit = SecondsOf(character);
            if (unit == 0 || digits == 0)
            {
                return false;
            }

            total += number * unit;
            number = 0;
            digits = 0;
            units++;
            if (total > uint.MaxValue)
            {
                return false;
            }
        }

        // Behind a unit, digits without one are a slip, not seconds.
        if ((digits == 0) == (units == 0) || total + number > uint.MaxValue)
        {
            return false;
        }

        seconds = (uint)(total + number);
        return true;
    }

    private static uint SecondsOf(char unit) => char.ToLowerInvariant(unit) switch
    {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        'w' => 604_800,
        _ => 0,
    };
}
