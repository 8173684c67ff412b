using ClusterDns.Kubernetes.Sources;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Kubernetes.Plugin;

/// <summary>The directive's lines in the log.</summary>
internal sealed partial class KubernetesLog(ILogger logger) : ISourceLog
{
    public void Warning(string message) => LogSourceWarning(message);

    public void Information(string message) => LogSourceInformation(message);

    [LoggerMessage(1300, LogLevel.Information, "waiting for Kubernetes API before starting server")]
    public partial void Waiting();

    [LoggerMessage(1301, LogLevel.Warning, "starting server with unsynced Kubernetes API")]
    public partial void StartingUnsynced();

    [LoggerMessage(1302, LogLevel.Error, "reading the cluster ended: {Fault}")]
    public partial void SourceEnded(string fault);

    [LoggerMessage(1303, LogLevel.Warning, "{Message}")]
    private partial void LogSourceWarning(string message);

    [LoggerMessage(1304, LogLevel.Information, "{Message}")]
    private partial void LogSourceInformation(string message);
}
