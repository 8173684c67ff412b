using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ClusterDns.Benchmarks.Comparison;

/// <summary>Runs dnsperf on a core of its own.</summary>
internal static partial class Dnsperf
{
    /// <summary>Queries that were answered, queries lost, queries a second.</summary>
    public static async Task<(double Completed, double Lost, double Rate)> RunAsync(
        int port, string questions, int seconds, string cores, params string[] more)
    {
        string[] arguments =
        [
            "-c", cores, "dnsperf", "-s", "127.0.0.1", "-p", $"{port}", "-d", questions, "-l", $"{seconds}", "-T", "1", "-t", "2", .. more,
        ];
        using var process = Process.Start(new ProcessStartInfo("taskset", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!; // taskset is part of the base system
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        await errors;
        return (Find(Completed(), output), Find(Lost(), output), Find(Rate(), output));
    }

    private static double Find(Regex what, string output) =>
        what.Match(output) is { Success: true } found ? double.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"Queries completed:\s+(\d+)")]
    private static partial Regex Completed();

    [GeneratedRegex(@"Queries lost:\s+(\d+)")]
    private static partial Regex Lost();

    [GeneratedRegex(@"Queries per second:\s+([\d.]+)")]
    private static partial Regex Rate();
}
