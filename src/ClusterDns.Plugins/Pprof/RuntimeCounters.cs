using System.Globalization;
using System.Text;

namespace ClusterDns.Plugins.Pprof;

/// <summary>The runtime's own counters at this moment. Needs no event source, so it works in every publish mode.</summary>
internal static class RuntimeCounters
{
    private static readonly (string Name, Func<double> Read)[] Counters =
    [
        ("cpu_user_seconds_total", static () => Environment.CpuUsage.UserTime.TotalSeconds),
        ("cpu_system_seconds_total", static () => Environment.CpuUsage.PrivilegedTime.TotalSeconds),
        ("memory_working_set_bytes", static () => Environment.WorkingSet),
        ("gc_heap_bytes", static () => GC.GetTotalMemory(forceFullCollection: false)),
        ("gc_allocated_bytes_total", static () => GC.GetTotalAllocatedBytes()),
        ("gc_collections_gen0_total", static () => GC.CollectionCount(0) - GC.CollectionCount(1)),
        ("gc_collections_gen1_total", static () => GC.CollectionCount(1) - GC.CollectionCount(2)),
        ("gc_collections_gen2_total", static () => GC.CollectionCount(2)),
        ("gc_pause_seconds_total", static () => GC.GetTotalPauseDuration().TotalSeconds),
        ("threadpool_threads", static () => ThreadPool.ThreadCount),
        ("threadpool_queued_items", static () => ThreadPool.PendingWorkItemCount),
        ("threadpool_completed_items_total", static () => ThreadPool.CompletedWorkItemCount),
        ("lock_contentions_total", static () => Monitor.LockContentionCount),
        ("timers_active", static () => Timer.ActiveCount),
        ("processors", static () => Environment.ProcessorCount),
    ];

    /// <summary>Each name and value, in an order that does not change.</summary>
    public static IEnumerable<(string Name, double Value)> Read() => Counters.Select(static counter => (counter.Name, counter.Read()));

    /// <summary>One counter a line.</summary>
    public static string Format()
    {
        var text = new StringBuilder();
        foreach (var (name, value) in Read())
        {
            text.Append(CultureInfo.InvariantCulture, $"{name} {value}\n");
        }

        return text.ToString();
    }
}
