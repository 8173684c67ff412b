using System.Globalization;
using ClusterDns.Core.Telemetry;

namespace ClusterDns.Plugins.Prometheus;

/// <summary>What the operating system and the runtime say about the process, read at each scrape.</summary>
internal static class ProcessFamilies
{
    // USER_HZ, which is 100 on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    private static readonly double StartTime = ReadStartTime();

    public static IEnumerable<IMetricFamily> Read()
    {
        yield return Counter("process_cpu_seconds_total", "Processor time used, in seconds.", Environment.CpuUsage.TotalTime.TotalSeconds);
        yield return Gauge("process_resident_memory_bytes", "Resident memory in octets.", Environment.WorkingSet);
        yield return Counter("dotnet_gc_allocated_bytes_total", "Octets allocated on the managed heap.", GC.GetTotalAllocatedBytes());
        yield return Counter("dotnet_gc_pause_seconds_total", "Time that threads waited for garbage collections, in seconds.", GC.GetTotalPauseDuration().TotalSeconds);
        yield return Counter("dotnet_gc_collections_total", "Garbage collections of any generation.", GC.CollectionCount(0));
        yield return Gauge("dotnet_gc_heap_size_bytes", "Managed heap in octets.", GC.GetTotalMemory(forceFullCollection: false));
        yield return Gauge("dotnet_threadpool_threads", "Threads of the thread pool.", ThreadPool.ThreadCount);
        if (!OperatingSystem.IsLinux())
        {
            yield break;
        }

        yield return Gauge("process_start_time_seconds", "Start of the process in Unix time.", StartTime);
        yield return Gauge("process_virtual_memory_bytes", "Virtual memory in octets.", ReadStat(22));
        yield return Gauge("process_open_fds", "Open file descriptors.", Directory.EnumerateFileSystemEntries("/proc/self/fd").Count());
        yield return Gauge("process_max_fds", "File descriptors that may be open.", ReadLimit("Max open files"));
    }

    private static ReadFamily Counter(string name, string help, double value) => new(name, help, MetricKind.Counter, value);

    private static ReadFamily Gauge(string name, string help, double value) => new(name, help, MetricKind.Gauge, value);

    // Counted from boot in the process's own file, boot in the machine's.
    private static double ReadStartTime()
    {
        if (!OperatingSystem.IsLinux())
        {
            return 0;
        }

        var boot = File.ReadLines("/proc/stat").FirstOrDefault(static line => line.StartsWith("btime ", StringComparison.Ordinal));
        return boot is null ? 0 : Number(boot.AsSpan(6)) + (ReadStat(21) / TicksPerSecond);
    }

    // Fields from 0 as in proc(5), less one; the second is the command's name in parentheses and may hold spaces.
    private static double ReadStat(int field)
    {
        var text = File.ReadAllText("/proc/self/stat");
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return field - 2 < fields.Length ? Number(fields[field - 2]) : 0;
    }

    private static double ReadLimit(string name)
    {
        var line = File.ReadLines("/proc/self/limits").FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        var soft = line?[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return soft is null or "unlimited" ? double.PositiveInfinity : Number(soft);
    }

    private static double Number(ReadOnlySpan<char> text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : 0;
}
