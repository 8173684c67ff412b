using System.Globalization;
using System.Runtime.InteropServices;

namespace ClusterDns.Faults.Running;

/// <summary>The outcome as a table of Markdown, for a terminal and for the README alike.</summary>
internal static class FaultTable
{
    public static void Write(TextWriter output, IReadOnlyList<FaultResult> results)
    {
        var wide = results.Max(static result => result.Fault.Name.Length);
        output.WriteLine($"| {"fault".PadRight(wide)} | queries | lost | wrong | peak MB | recovery | took |        |");
        output.WriteLine($"|-{new string('-', wide)}-|--------:|-----:|------:|--------:|---------:|-----:|--------|");
        foreach (var result in results)
        {
            var recovery = result.Recovery is { } time ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:F0} ms") : "";
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {result.Fault.Name.PadRight(wide)} | {result.Sent,7} | {result.Lost,4} | {result.Wrong,5} | {result.PeakMegabytes,7:F0} | {recovery,8} | {result.Took.TotalSeconds,3:F0} s | {(result.Passed ? "held  " : "FAILED")} |"));
        }

        var day = TimeProvider.System.GetUtcNow();
        output.WriteLine();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{day:yyyy-MM-dd}, {Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GB, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}"));
    }
}
