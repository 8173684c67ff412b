using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Sources;

namespace ClusterDns.Kubernetes.Sync;

/// <summary>
/// Tells a sink that it has everything once all the reflectors that feed it have had a complete list.
/// </summary>
internal sealed class SyncGate<T>(IObjectSink<T> sink, Lock writer, int reflectors)
    where T : ClusterObject
{
    private int _missing = reflectors;

    public bool IsOpen => Volatile.Read(ref _missing) == 0;

    /// <summary>Called once by each reflector.</summary>
    public void Arrive()
    {
        lock (writer)
        {
            if (_missing == 1)
            {
                sink.Synced();
            }

            Volatile.Write(ref _missing, _missing - 1);
        }
    }
}
