using ClusterDns.Core.Telemetry;

namespace ClusterDns.Server.Transports.Quic;

/// <summary>How the queries of one listener ended, by DoQ's code. A series appears when it has something to show.</summary>
internal sealed class DoqMetrics(MetricFamily<Counter> responses, string server)
{
    private readonly Lazy<Counter> _answered = new(() => responses.With(server, "0x0"));
    private readonly Lazy<Counter> _failed = new(() => responses.With(server, "0x1"));
    private readonly Lazy<Counter> _refused = new(() => responses.With(server, "0x2"));

    public void Count(long error) =>
        (error switch { DoqError.None => _answered, DoqError.Protocol => _refused, _ => _failed }).Value
            .Increment(Thread.GetCurrentProcessorId());
}
