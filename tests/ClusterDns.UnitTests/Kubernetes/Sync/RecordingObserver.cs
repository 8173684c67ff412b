using System.Collections.Concurrent;
using ClusterDns.Kubernetes.Sources.Api;

namespace ClusterDns.UnitTests.Kubernetes.Sync;

/// <summary>Keeps what a connection reported.</summary>
internal sealed class RecordingObserver : IApiObserver
{
    public ConcurrentQueue<(string Method, string Host, int? Code)> Requests { get; } = [];

    public void RequestFinished(string method, string host, int? code, TimeSpan? duration) =>
        Requests.Enqueue((method, host, code));
}
