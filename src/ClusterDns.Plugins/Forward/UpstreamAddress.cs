using System.Net;

namespace ClusterDns.Plugins.Forward;

/// <summary>Where an upstream is.</summary>
/// <param name="ServerName">The name its certificate must have, from <c>tls://ADDRESS%NAME</c>; null: none was given.</param>
internal sealed record UpstreamAddress(UpstreamProtocol Protocol, IPEndPoint EndPoint, string? ServerName)
{
    public override string ToString() => EndPoint.ToString();
}
