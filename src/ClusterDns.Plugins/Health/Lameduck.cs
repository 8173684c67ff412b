using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Plugins.Health;

/// <summary>The pause before the end in which clients and load balancers learn that this server goes away; DNS is still served.</summary>
internal static partial class Lameduck
{
    public static Task WaitAsync(TimeSpan duration, ServerServices services)
    {
        LogWaiting(services.LoggerFor(HealthDirective.Name), GoDuration.FormatAsGo(duration));
        return Task.Delay(duration, services.Time);
    }

    [LoggerMessage(1520, LogLevel.Information, "Going into lameduck mode for {Duration}")]
    private static partial void LogWaiting(ILogger logger, string duration);
}
