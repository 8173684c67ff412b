using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Plugins.Dnstap;

/// <summary>What one endpoint has to report: an outage once, drops once an interval.</summary>
internal sealed partial class DnstapLog(string endpoint, ServerServices services)
{
    private readonly ILogger _logger = services.LoggerFor(DnstapPlugin.Name);
    private readonly Counter _dropped = services.Metrics
        .Counter("clusterdns_dnstap_dropped_total", "dnstap messages that found no room in the queue.", "endpoint").With(endpoint);

    private bool _isDown;

    /// <summary>How often drops are told of.</summary>
    public static TimeSpan Interval => TimeSpan.FromSeconds(1);

    public void Down(string reason)
    {
        if (!_isDown)
        {
            _isDown = true;
            LogDown(endpoint, reason);
        }
    }

    public void Up()
    {
        if (_isDown)
        {
            _isDown = false;
            LogUp(endpoint);
        }
    }

    public void Dropped(long count)
    {
        if (count > 0)
        {
            _dropped.Add(count);
            LogDropped(count, endpoint);
        }
    }

    [LoggerMessage(2050, LogLevel.Warning, "No connection to dnstap endpoint {Endpoint}: {Reason}")]
    private partial void LogDown(string endpoint, string reason);

    [LoggerMessage(2051, LogLevel.Information, "Connected to dnstap endpoint {Endpoint} again")]
    private partial void LogUp(string endpoint);

    [LoggerMessage(2052, LogLevel.Warning, "Dropped {Count} dnstap messages for {Endpoint}")]
    private partial void LogDropped(long count, string endpoint);
}
