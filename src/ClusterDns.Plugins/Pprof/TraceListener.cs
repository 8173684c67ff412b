using System.Diagnostics.Tracing;

namespace ClusterDns.Plugins.Pprof;

/// <summary>Listens to the runtime and to its network libraries while it lives. Hears nothing where event sources were left out of the build.</summary>
internal sealed class TraceListener : EventListener
{
    private const string Runtime = "Microsoft-Windows-DotNETRuntime";

    // Keywords of the runtime's provider: collections, exceptions, thread pool; and contended locks.
    private const EventKeywords Always = (EventKeywords)(0x1 | 0x8000 | 0x10000);
    private const EventKeywords Contention = (EventKeywords)0x4000;

    private static readonly string[] Others =
    [
        "System.Net.Sockets", "System.Net.Security", "System.Net.Http", "System.Net.Quic", "Microsoft-AspNetCore-Server-Kestrel",
    ];

    private readonly TraceOutput _output;
    private readonly int _contentionRate;
    private long _contentions;

    public TraceListener(TraceOutput output, int contentionRate)
    {
        _output = output;
        _contentionRate = contentionRate;
        foreach (var source in EventSource.GetSources())
        {
            if (source.Name is Runtime)
            {
                EnableEvents(source, EventLevel.Informational, contentionRate > 0 ? Always | Contention : Always);
            }
            else if (Others.Contains(source.Name, StringComparer.Ordinal))
            {
                EnableEvents(source, EventLevel.Informational);
            }
        }
    }

    // Called on the thread that does what the event tells of.
    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName is { } name && name.StartsWith("Contention", StringComparison.Ordinal))
        {
            // The end of a wait tells how long it was; its start says nothing more.
            if (_contentionRate <= 0 || !name.StartsWith("ContentionStop", StringComparison.Ordinal)
                || Interlocked.Increment(ref _contentions) % _contentionRate != 0)
            {
                return;
            }
        }

        _output.Add(eventData);
    }
}
