using System.Globalization;
using ClusterDns.Core.Telemetry;

namespace ClusterDns.Plugins.Prometheus;

/// <summary>What the operating system and the runtime say about the process, read at each scrape.</summary>
internal static class ProcessFamilies
{
    // USER_HZ, which is 100 on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    private static readonly Lazy<double> StartTime = new(ReadStartTime);

    private static readonly (string Name, string Help, MetricKind Kind, Func<double> Read)[] Everywhere =
    [
        ("process_cpu_seconds_total", "Processor time used, in seconds.", MetricKind.Counter, static () => Environment.CpuUsage.TotalTime.TotalSeconds),
        ("process_resident_memory_bytes", "Resident memory in octets.", MetricKind.Gauge, static () => Environment.WorkingSet),
        ("dotnet_gc_allocated_bytes_total", "Octets allocated on the managed heap.", MetricKind.Counter, static () => GC.GetTotalAllocatedBytes()),
        ("dotnet_gc_pause_seconds_total", "Time that threads waited for garbage collections, in seconds.", MetricKind.Counter, static () => GC.GetTotalPauseDuration().TotalSeconds),
        ("dotnet_gc_collections_total", "Garbage collections of any generation.", MetricKind.Counter, static () => GC.CollectionCount(0)),
        ("dotnet_gc_heap_size_bytes", "Managed heap in octets.", MetricKind.Gauge, static () => GC.GetTotalMemory(forceFullCollection: false)),
        ("dotnet_threadpool_threads", "Threads of the thread pool.", MetricKind.Gauge, static () => ThreadPool.ThreadCount),
    ];

    private static readonly (string Name, string Help, MetricKind Kind, Func<double> Read)[] Linux =
    [
        ("process_start_time_seconds", "Start of the process in Unix time.", MetricKind.Gauge, static () => StartTime.Value),
        ("process_virtual_memory_bytes", "Virtual memory in octets.", MetricKind.Gauge, static () => ReadStat(22)),
        ("process_open_fds", "Open file descriptors.", MetricKind.Gauge, static () => Directory.EnumerateFileSystemEntries("/proc/self/fd").Count()),
        ("process_max_fds", "File descriptors that may be open.", MetricKind.Gauge, static () => ReadLimit("Max open files")),
    ];

    /// <summary>
    /// What can be read: a process that got rights from its file (port 53 without root) may not list its own descriptors, and
    /// that must not cost the scrape.
    /// </summary>
    public static IEnumerable<IMetricFamily> Read()
    {
        foreach (var (name, help, kind, read) in OperatingSystem.IsLinux() ? Everywhere.Concat(Linux) : Everywhere)
        {
            if (TryRead(read, out var value))
            {
                yield return new ReadFamily(name, help, kind, value);
            }
        }
    }

    private static bool TryRead(Func<double> read, out double value)
    {
        try
        {
            value = read();
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            value = 0;
            return false;
        }
    }

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
