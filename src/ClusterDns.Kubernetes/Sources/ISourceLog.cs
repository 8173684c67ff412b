namespace ClusterDns.Kubernetes.Sources;

/// <summary>
/// Hears of changes in how a source fares: once when something begins to fail, once when it is well again.
/// </summary>
internal interface ISourceLog
{
    void Warning(string message);

    void Information(string message);
}
