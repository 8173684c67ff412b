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

    [LoggerMessage(2352, LogLevel.Warning, "answering from the snapshot {Path} until the API server is read: {Objects} objects as of {AsOf:u}, version {Versions}")]
    public partial void Restored(string path, long objects, DateTime asOf, string versions);

    [LoggerMessage(2353, LogLevel.Warning, "the snapshot {Path} is ignored: {Fault}")]
    public partial void SnapshotIgnored(string path, string fault);

    [LoggerMessage(2354, LogLevel.Information, "there is no snapshot {Path} yet")]
    public partial void NoSnapshot(string path);

    [LoggerMessage(2355, LogLevel.Warning, "the snapshot {Path} cannot be written: {Fault}")]
    public partial void SnapshotNotWritten(string path, string fault);

    [LoggerMessage(2356, LogLevel.Information, "the snapshot {Path} is written again")]
    public partial void SnapshotWrittenAgain(string path);

    [LoggerMessage(2357, LogLevel.Information, "the API server has been read: no longer answering from the snapshot")]
    public partial void Reconciled();

    [LoggerMessage(1303, LogLevel.Warning, "{Message}")]
    private partial void LogSourceWarning(string message);

    [LoggerMessage(1304, LogLevel.Information, "{Message}")]
    private partial void LogSourceInformation(string message);
}
