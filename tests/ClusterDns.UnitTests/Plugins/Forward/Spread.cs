namespace ClusterDns.UnitTests.Plugins.Forward;

/// <summary>How evenly numbers are spread: Pearson's chi-square over cells of equal width.</summary>
internal static class Spread
{
    // How far from its mean, in standard deviations of the normal approximation: beyond by one chance in 10^10, on either side.
    private const double Deviations = 6.36;

    /// <param name="numbers">From 0 to <paramref name="range"/> - 1.</param>
    public static double ChiSquare(IReadOnlyCollection<int> numbers, int range, int cells)
    {
        var counts = new int[cells];
        foreach (var number in numbers)
        {
            counts[(int)((long)number * cells / range)]++;
        }

        var expected = numbers.Count / (double)cells;
        return counts.Sum(count => (count - expected) * (count - expected) / expected);
    }

    /// <summary>
    /// True where independent, evenly spread numbers could have given this: neither too uneven nor, as a counter's are, too even.
    /// </summary>
    public static bool IsRandom(IReadOnlyCollection<int> numbers, int range, int cells)
    {
        var chiSquare = ChiSquare(numbers, range, cells);
        return chiSquare < Quantile(cells - 1, Deviations) && chiSquare > Quantile(cells - 1, -Deviations);
    }

    /// <summary>From each number to the next, around the end of the range.</summary>
    public static int[] Steps(IReadOnlyList<int> numbers, int range) =>
        [.. Enumerable.Range(1, numbers.Count - 1).Select(index => (numbers[index] - numbers[index - 1] + range) % range)];

    // Wilson and Hilferty's approximation: the cube root of a chi-square variable is nearly normal.
    private static double Quantile(int freedom, double deviations)
    {
        var variance = 2.0 / (9 * freedom);
        return freedom * Math.Pow(Math.Max(0, 1 - variance + (deviations * Math.Sqrt(variance))), 3);
    }
}
