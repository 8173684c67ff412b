namespace ClusterDns.Core.Zones;

/// <summary>Serial numbers of zones, which wrap around (RFC 1982).</summary>
public static class SerialNumber
{
    /// <summary>Above zero: <paramref name="left"/> is the newer one. Serials 2^31 apart, which RFC 1982 leaves open, count as older.</summary>
    public static int Compare(uint left, uint right) => (int)(left - right);
}
