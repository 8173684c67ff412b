using System.Globalization;
using System.Text;

namespace ClusterDns.Protocol.Presentation;

/// <summary>32 bits of seconds since 1970 as YYYYMMDDHHmmSS, UTC (RFC 4034 §3.2).</summary>
internal static class TimestampText
{
    private const string Form = "yyyyMMddHHmmss";

    /// <summary>Reads fourteen digits as a date, up to ten as seconds.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out uint seconds)
    {
        if (text.Length != Form.Length)
        {
            return uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seconds);
        }

        seconds = 0;
        if (!DateTimeOffset.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return false;
        }

        var value = time.ToUnixTimeSeconds();
        seconds = (uint)value;
        return value is >= 0 and <= uint.MaxValue;
    }

    public static void Append(StringBuilder text, uint seconds) =>
        text.Append(DateTimeOffset.FromUnixTimeSeconds(seconds).ToString(Form, CultureInfo.InvariantCulture));
}
