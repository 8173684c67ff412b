namespace ClusterDns.Kubernetes.Sources.Api;

/// <summary>Counts and times the requests to the API server.</summary>
internal interface IApiObserver
{
    /// <summary>The head of a response has arrived, or the request has failed.</summary>
    /// <param name="method">"GET": the API is only read.</param>
    /// <param name="host">Host and port of the API server.</param>
    /// <param name="code">Status code; null where there was no response.</param>
    /// <param name="duration">Null for a watch: how long it takes is nobody's latency.</param>
    void RequestFinished(string method, string host, int? code, TimeSpan? duration);
}
