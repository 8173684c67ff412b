using ClusterDns.Core.Telemetry;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Presentation;

namespace ClusterDns.Plugins.Forward;

/// <summary>The series of one upstream, resolved at their first use.</summary>
internal sealed class UpstreamMetrics(ForwardMetrics metrics, string to)
{
    // Codes up to BADCOOKIE have a series of their own ready; others are looked up by text.
    private readonly Histogram?[] _durations = new Histogram?[24];

    /// <summary>Shown once one failed, as CoreDNS does.</summary>
    public Lazy<Counter> HealthcheckFailures { get; } = new(() => metrics.HealthcheckFailures.With(ForwardPlugin.Name, to));

    public Counter Hits(string proto) => metrics.ConnectionHits.With(ForwardPlugin.Name, to, proto);

    public Counter Misses(string proto) => metrics.ConnectionMisses.With(ForwardPlugin.Name, to, proto);

    public void Record(ResponseCode code, TimeSpan duration, int worker) =>
        DurationOf(code).Record(duration.Ticks * TimeSpan.NanosecondsPerTick, worker);

    private Histogram DurationOf(ResponseCode code)
    {
        if ((int)code >= _durations.Length)
        {
            return metrics.RequestDuration.With(ForwardPlugin.Name, to, ResponseCodeText.Format(code));
        }

        return _durations[(int)code] ??= metrics.RequestDuration.With(ForwardPlugin.Name, to, ResponseCodeText.Format(code));
    }
}
