using ClusterDns.Server.Reloading;

namespace ClusterDns.Server.Transports.Https;

/// <summary>A transport over some version of HTTP, as the requests it serves see it.</summary>
internal interface IHttpListener
{
    /// <summary>What answers now: read it once for each request.</summary>
    ListenGroup Group { get; }

    TransportLimits Limits { get; }
}
