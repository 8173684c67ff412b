using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Forward;

/// <summary>Those who want to know of every attempt of one <c>forward</c> line.</summary>
internal sealed class UpstreamTaps(IUpstreamTap[] taps, TimeProvider time)
{
    /// <summary>Null where nobody in the block wants to know; ask at start-up.</summary>
    public static UpstreamTaps? Of(BlockContext block) =>
        block.FindAll<IUpstreamTap>().ToArray() is { Length: > 0 } taps ? new UpstreamTaps(taps, block.Services.Time) : null;

    /// <param name="sent">Timestamp of the attempt.</param>
    /// <param name="reply">Empty: none came.</param>
    public void Tell(
        QueryContext query, UpstreamAddress upstream, bool overTcp, long sent, ReadOnlySpan<byte> question, ReadOnlySpan<byte> reply)
    {
        var endpoint = new SocketEndpoint(IPAddressValue.From(upstream.EndPoint.Address), (ushort)upstream.EndPoint.Port);
        var protocol = upstream.Protocol switch
        {
            UpstreamProtocol.Tls => TransportProtocol.Tls,
            UpstreamProtocol.Https => TransportProtocol.Https,
            _ => overTcp ? TransportProtocol.Tcp : TransportProtocol.Udp,
        };
        foreach (var tap in taps)
        {
            tap.Exchanged(query, endpoint, protocol, time.GetElapsedTime(sent), question, reply);
        }
    }
}
