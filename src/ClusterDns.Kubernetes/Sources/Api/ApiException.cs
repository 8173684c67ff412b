using System.Net;

namespace ClusterDns.Kubernetes.Sources.Api;

/// <summary>A request to the API server came to nothing.</summary>
internal sealed class ApiException(HttpStatusCode? code, string message) : Exception(message)
{
    /// <summary>Null where there was no response.</summary>
    public HttpStatusCode? Code => code;

    /// <summary>How long the server asks to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
