using System.Runtime.CompilerServices;

namespace ClusterDns.Core.Telemetry;

/// <summary>
/// One series of a counter. Each worker adds to a cell of its own, so counting costs no shared cache line; reading sums.
/// </summary>
public sealed class Counter
{
    private readonly PaddedCell[] _cells = new PaddedCell[MetricRegistry.Cells];

    public long Value
    {
        get
        {
            long sum = 0;
            for (var index = 0; index < _cells.Length; index++)
            {
                sum += Volatile.Read(ref _cells[index].Value);
            }

            return sum;
        }
    }

    /// <summary>Adds one in the share of <paramref name="worker"/> (<see cref="Pipeline.QueryContext.Worker"/>).</summary>
    public void Increment(int worker = 0) => Interlocked.Increment(ref CellOf(worker));

    public void Add(long amount, int worker = 0) => Interlocked.Add(ref CellOf(worker), amount);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref long CellOf(int worker)
    {
        var cells = _cells;
        return ref cells[worker & (cells.Length - 1)].Value;
    }
}
