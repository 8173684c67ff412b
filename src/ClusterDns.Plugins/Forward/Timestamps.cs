namespace ClusterDns.Plugins.Forward;

/// <summary>Durations in the unit of <see cref="TimeProvider.GetTimestamp"/>, so that deadlines are compared as numbers.</summary>
internal static class Timestamps
{
    public static long ToTimestamps(this TimeProvider time, TimeSpan duration) =>
        (long)(duration.TotalSeconds * time.TimestampFrequency);
}
