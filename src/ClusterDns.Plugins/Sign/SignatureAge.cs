using System.Globalization;
using ClusterDns.Protocol.Dnssec;
using ClusterDns.Protocol.Presentation;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Sign;

/// <summary>Tells by the signatures over a zone's SOA whether the zone is to be signed again.</summary>
internal static class SignatureAge
{
    // A signed file has its SOA in front; one that was written by others may have it a little later.
    private const int MostRecords = 100;

    private static readonly TimeSpan MostAge = TimeSpan.FromDays(6);
    private static readonly TimeSpan LeastLeft = TimeSpan.FromDays(7);

    /// <returns>Why it is; null where it is not.</returns>
    public static string? FindReason(MasterFileReader records, DateTimeOffset now)
    {
        var seen = 0;
        while (seen < MostRecords && records.TryRead(out var record))
        {
            seen++;
            if (record.Type is RecordType.RRSIG
                && SignatureFields.TryRead(record.Rdata, out var fields)
                && fields.Covered is RecordType.SOA)
            {
                return FindReason(fields, now);
            }
        }

        return records.Error.Length > 0 ? records.Error : $"no RRSIG of the SOA was found in the first {seen} records";
    }

    // Differences modulo 2³² (RFC 4034 §3.1.5).
    private static string? FindReason(SignatureFields fields, DateTimeOffset now)
    {
        var seconds = SignatureFields.ToSeconds(now);
        var age = TimeSpan.FromSeconds((int)(seconds - fields.Inception));
        var left = TimeSpan.FromSeconds((int)(fields.Expiration - seconds));
        if (age < TimeSpan.Zero)
        {
            return string.Create(CultureInfo.InvariantCulture, $"its signatures begin in {-age.TotalHours:F1} hours");
        }

        if (age > MostAge)
        {
            return string.Create(CultureInfo.InvariantCulture, $"its signatures began {age.TotalDays:F1} days ago, which is more than {MostAge.TotalDays}");
        }

        return left < LeastLeft
            ? string.Create(CultureInfo.InvariantCulture, $"its signatures end in {left.TotalDays:F1} days, which is less than {LeastLeft.TotalDays}")
            : null;
    }
}
