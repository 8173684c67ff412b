using System.Diagnostics.CodeAnalysis;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Plugins.Health;

/// <summary>Asks the own <c>/health</c> each second: a server that is too busy to answer it shows in the metrics.</summary>
internal sealed partial class SelfProbe
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    // 0.25 ms and its multiples by ten, in nanoseconds.
    private static readonly long[] Buckets = [250_000, 2_500_000, 25_000_000, 250_000_000, 2_500_000_000];

    private readonly Uri _address;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Histogram _duration;
    private readonly Counter _failures;

    public SelfProbe(HttpAddress address, ServerServices services)
    {
        _address = new Uri($"http://{address.Reachable}/health");
        _time = services.Time;
        _logger = services.LoggerFor(HealthDirective.Name);
        _duration = services.Metrics
            .Histogram("coredns_health_request_duration_seconds", "Histogram of the time (in seconds) each request took.", Buckets, 1e-9)
            .With();
        _failures = services.Metrics
            .Counter("coredns_health_request_failures_total", "The number of times the health check failed.").With();
    }

    public async ValueTask RunAsync(CancellationToken end)
    {
        // A proxy that the environment names is for the world outside.
        using var direct = new SocketsHttpHandler { UseProxy = false };
        using var client = new HttpClient(direct) { Timeout = Timeout };
        using var timer = new PeriodicTimer(Interval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(end))
            {
                await ProbeAsync(client, end);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The plan has ended.
        }
    }

    [SuppressMessage("Usage", "CA2234", Justification = "The address is a Uri.")]
    private async Task ProbeAsync(HttpClient client, CancellationToken end)
    {
        var start = _time.GetTimestamp();
        try
        {
            using var response = await client.GetAsync(_address, end);
            var elapsed = _time.GetElapsedTime(start);
            _duration.Record((long)elapsed.TotalNanoseconds);
            if (elapsed > Interval)
            {
                LogSlow(_address, elapsed.TotalSeconds);
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !end.IsCancellationRequested)
        {
            _duration.Record((long)_time.GetElapsedTime(start).TotalNanoseconds);
            _failures.Increment();
            LogFailed(_address, exception.Message);
        }
    }

    [LoggerMessage(1521, LogLevel.Warning, "Local health request to \"{Address}\" took more than 1s: {Seconds}s")]
    private partial void LogSlow(Uri address, double seconds);

    [LoggerMessage(1522, LogLevel.Warning, "Local health request to \"{Address}\" failed: {Error}")]
    private partial void LogFailed(Uri address, string error);
}
