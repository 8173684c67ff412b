using System.Globalization;
using System.Runtime;
using System.Text;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Pprof;

/// <summary>What the collector knows of the heap since its last collection.</summary>
internal static class HeapReport
{
    private static readonly string[] Generations = ["gen0", "gen1", "gen2", "large_objects", "pinned_objects"];

    public static HttpReply Reply(string queryString)
    {
        if (QueryString.Find(queryString, "gc") is "1")
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        }

        return HttpReply.Text(200, Format(GC.GetGCMemoryInfo(GCKind.Any)));
    }

    private static string Format(in GCMemoryInfo info)
    {
        var text = new StringBuilder();
        Add(text, "collection", info.Index);
        Add(text, "generation", info.Generation);
        Add(text, "heap_bytes", info.HeapSizeBytes);
        Add(text, "committed_bytes", info.TotalCommittedBytes);
        Add(text, "fragmented_bytes", info.FragmentedBytes);
        Add(text, "promoted_bytes", info.PromotedBytes);
        Add(text, "pinned_objects", info.PinnedObjectsCount);
        Add(text, "finalization_pending", info.FinalizationPendingCount);
        Add(text, "available_memory_bytes", info.TotalAvailableMemoryBytes);
        Add(text, "memory_load_bytes", info.MemoryLoadBytes);
        Add(text, "high_memory_load_threshold_bytes", info.HighMemoryLoadThresholdBytes);
        text.Append(CultureInfo.InvariantCulture, $"pause_percent {info.PauseTimePercentage}\n");
        for (var index = 0; index < info.PauseDurations.Length; index++)
        {
            text.Append(CultureInfo.InvariantCulture, $"pause_{index}_milliseconds {info.PauseDurations[index].TotalMilliseconds}\n");
        }

        for (var index = 0; index < Math.Min(info.GenerationInfo.Length, Generations.Length); index++)
        {
            ref readonly var generation = ref info.GenerationInfo[index];
            Add(text, Generations[index] + "_bytes_before", generation.SizeBeforeBytes);
            Add(text, Generations[index] + "_bytes_after", generation.SizeAfterBytes);
            Add(text, Generations[index] + "_fragmented_bytes_after", generation.FragmentationAfterBytes);
        }

        text.Append(CultureInfo.InvariantCulture, $"server_gc {GCSettings.IsServerGC}\nlatency_mode {GCSettings.LatencyMode}\n");
        return text.ToString();
    }

    private static void Add(StringBuilder text, string name, long value) =>
        text.Append(CultureInfo.InvariantCulture, $"{name} {value}\n");
}
