using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;
using ClusterDns.Plugins.ProxyProto;

namespace ClusterDns.Server.Transports.Proxying;

/// <summary>Takes PROXY headers off the datagrams of one transport.</summary>
internal sealed class ProxiedDatagrams(ServerServices services)
{
    public ProxySessions Sessions { get; } = new(services.Time, CeilingCounter.Of(services.Metrics, "proxy_sessions"));

    /// <summary>
    /// Turns what a peer sent, which is in the context's buffer, into what its client sent; <paramref name="client"/> is the peer
    /// before and the client afterwards. False: the datagram is dropped.
    /// </summary>
    /// <param name="length">Above <see cref="UdpMessages.MaxRequest"/> it says that the datagram was cut, before and afterwards.</param>
    public bool TryOpen(QueryContext query, ProxyProtoOptions options, ref int length, ref SocketEndpoint client)
    {
        var policy = options.PolicyFor(client.Address);
        if (policy is ProxyPolicy.Skip)
        {
            return true;
        }

        var octets = query.GetMessageBuffer(0).AsSpan(0, Math.Min(length, UdpMessages.MaxRequest));
        switch (ProxyHeader.TryReadDatagram(octets, out var header))
        {
            case ProxyHeaderStatus.Present when policy is not ProxyPolicy.Reject:
                break;
            case ProxyHeaderStatus.Absent:
                if (policy is ProxyPolicy.Use
                    && options.SessionLifetime > TimeSpan.Zero
                    && Sessions.TryFind(client, options, out var known))
                {
                    client = known;
                }

                return true;
            default:
                return false;
        }

        if (policy is ProxyPolicy.Use && header.Client is { } named)
        {
            if (options.SessionLifetime > TimeSpan.Zero)
            {
                Sessions.Keep(client, named, options);
            }

            client = named;
        }

        octets[header.Length..].CopyTo(octets);
        if (length <= UdpMessages.MaxRequest)
        {
            length -= header.Length;
        }

        // A header alone announces datagrams that follow.
        return length > 0;
    }
}
