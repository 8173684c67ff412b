using ClusterDns.Kubernetes.Sources;

namespace ClusterDns.Kubernetes.Sync;

/// <summary>Counts what went wrong in a row, and logs the first failure and the recovery alone.</summary>
/// <param name="what">The collection and its server, for the log.</param>
internal sealed class ReflectorHealth(string what, ISourceLog? log)
{
    /// <summary>
    /// After so many refusals in a row our version itself is suspect: a server restored from a backup is behind it.
    /// </summary>
    private const int ManyRefusals = 5;

    private bool _failing;
    private int _refusals;

    public WatchEnd Fail(string message)
    {
        if (!_failing)
        {
            _failing = true;
            log?.Warning($"cannot read {what}: {message}");
        }

        return WatchEnd.Failed;
    }

    /// <summary>The server is there and says no.</summary>
    public WatchEnd Refuse(string message)
    {
        Fail(message);
        if (++_refusals < ManyRefusals)
        {
            return WatchEnd.Failed;
        }

        _refusals = 0;
        return WatchEnd.Expired;
    }

    public void Recover()
    {
        _refusals = 0;
        if (_failing)
        {
            _failing = false;
            log?.Information($"reading {what} again");
        }
    }
}
