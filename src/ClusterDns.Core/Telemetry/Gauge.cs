namespace ClusterDns.Core.Telemetry;

/// <summary>One series of a gauge: set, moved, or read from a function when scraped.</summary>
public sealed class Gauge
{
    private double _value;
    private Func<double>? _read;

    public double Value => _read is { } read ? read() : Volatile.Read(ref _value);

    public void Set(double value) => Volatile.Write(ref _value, value);

    public void Add(double amount)
    {
        double seen;
        do
        {
            seen = Volatile.Read(ref _value);
        }
        while (Interlocked.CompareExchange(ref _value, seen + amount, seen) != seen);
    }

    /// <summary>From now on the value is what <paramref name="read"/> says when asked.</summary>
    public void ReadFrom(Func<double> read) => _read = read;
}
