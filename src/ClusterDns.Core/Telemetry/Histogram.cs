namespace ClusterDns.Core.Telemetry;

/// <summary>
/// One series of a histogram. Values are integers (nanoseconds, octets) so that adding needs no conversion;
/// <see cref="Scale"/> turns them into the unit that is shown.
/// </summary>
public sealed class Histogram
{
    private readonly long[] _bounds;

    // Per worker: the sum, then a count for each bucket, one past the last bound; rows padded to whole cache lines.
    private readonly long[] _cells;
    private readonly int _row;
    private readonly int _workers = MetricRegistry.Cells - 1;

    internal Histogram(long[] bounds, double scale)
    {
        _bounds = bounds;
        Scale = scale;
        _row = (bounds.Length + 2 + 7) & ~7;
        _cells = new long[_row * MetricRegistry.Cells];
    }

    /// <summary>What one unit of a recorded value is in the unit shown: 1e-9 for nanoseconds shown as seconds.</summary>
    public double Scale { get; }

    /// <summary>Upper bounds of the buckets, in recorded units.</summary>
    public ReadOnlySpan<long> Bounds => _bounds;

    /// <summary>Records one value, in recorded units.</summary>
    public void Record(long value, int worker = 0)
    {
        var bounds = _bounds;
        var bucket = 0;
        while ((uint)bucket < (uint)bounds.Length && value > bounds[bucket])
        {
            bucket++;
        }

        var cells = _cells;
        var row = (worker & _workers) * _row;
        Interlocked.Add(ref cells[row], value);
        Interlocked.Increment(ref cells[row + 1 + bucket]);
    }

    /// <summary>Counts of the buckets (not cumulative, the last one above every bound); the sum in recorded units.</summary>
    public long Read(Span<long> buckets)
    {
        buckets.Clear();
        long sum = 0;
        for (var cell = 0; cell < MetricRegistry.Cells; cell++)
        {
            var row = _cells.AsSpan(cell * _row, _row);
            for (var bucket = 0; bucket <= _bounds.Length; bucket++)
            {
                buckets[bucket] += Volatile.Read(ref row[1 + bucket]);
            }

            sum += Volatile.Read(ref row[0]);
        }

        return sum;
    }
}
