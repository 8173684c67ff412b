namespace ClusterDns.Core.Pipeline;

/// <summary>Sees what a directive asks of upstreams on behalf of a query (<c>dnstap</c>); any thread may tell it.</summary>
public interface IUpstreamTap
{
    /// <param name="query">The client's query; its response is not of interest.</param>
    /// <param name="elapsed">How long ago the question was sent.</param>
    /// <param name="question">The message that was sent.</param>
    /// <param name="reply">The message that came back; empty: none did.</param>
    void Exchanged(
        QueryContext query,
        SocketEndpoint upstream,
        TransportProtocol protocol,
        TimeSpan elapsed,
        ReadOnlySpan<byte> question,
        ReadOnlySpan<byte> reply);
}
