using ClusterDns.Core.Telemetry;
using ClusterDns.Plugins.Forward;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Presentation;

namespace ClusterDns.Plugins.Grpc;

/// <summary>The series of one upstream. They appear with its first answer.</summary>
internal sealed class GrpcMetrics
{
    private readonly Lazy<Counter> _requests;
    private readonly Lazy<Histogram> _durations;
    private readonly MetricFamily<Counter> _responses;
    private readonly string _to;

    public GrpcMetrics(MetricRegistry registry, string to)
    {
        _to = to;
        var requests = registry.Counter("coredns_grpc_requests_total", "Counter of requests made per upstream.", "to");
        _responses = registry.Counter("coredns_grpc_responses_total", "Counter of responses per upstream and rcode.", "rcode", "to");
        var durations = registry.Histogram(
            "coredns_grpc_request_duration_seconds",
            "Histogram of the time each request took.",
            ForwardMetrics.TimeBounds(),
            1e-9,
            "to");
        _requests = new Lazy<Counter>(() => requests.With(to));
        _durations = new Lazy<Histogram>(() => durations.With(to));
    }

    public void Record(ResponseCode code, TimeSpan duration, int worker)
    {
        _requests.Value.Increment(worker);
        _responses.With(ResponseCodeText.Format(code), _to).Increment(worker);
        _durations.Value.Record(duration.Ticks * TimeSpan.NanosecondsPerTick, worker);
    }
}
