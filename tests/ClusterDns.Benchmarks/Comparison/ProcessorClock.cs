using System.Runtime.InteropServices;

namespace ClusterDns.Benchmarks.Comparison;

/// <summary>The scheduler's own sum over all threads that a process has and had, to the nanosecond.</summary>
internal static partial class ProcessorClock
{
    // How Linux numbers the clock of another process: see clock_getcpuclockid(3).
    private const int Scheduled = 2;

    public static TimeSpan Read(int process)
    {
        var status = GetTime((~process << 3) | Scheduled, out var time);
        return status == 0
            ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000)
            : throw new BenchmarkException($"process {process} has no processor clock: errno {Marshal.GetLastPInvokeError()}");
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    private static partial int GetTime(int clock, out TimeValue time);

    private readonly record struct TimeValue(long Seconds, long Nanoseconds);
}
