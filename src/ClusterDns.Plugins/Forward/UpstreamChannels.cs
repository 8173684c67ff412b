namespace ClusterDns.Plugins.Forward;

/// <summary>Makes the channels of an upstream for its protocol.</summary>
internal static class UpstreamChannels
{
    public static IUpstreamChannel CreateDatagram(ChannelSettings settings, UpstreamMetrics metrics) =>
        new UdpChannel(settings, metrics.Hits("udp"), metrics.Misses("udp"));

    public static IUpstreamChannel CreateStream(
        UpstreamAddress address, ForwardOptions options, ChannelSettings settings, UpstreamMetrics metrics) => address.Protocol switch
        {
            UpstreamProtocol.Tls => new StreamChannel(
                settings, UpstreamTls.CreateOptions(address, options), metrics.Hits("tcp-tls"), metrics.Misses("tcp-tls")),
            UpstreamProtocol.Https => new HttpsChannel(address, options, settings),
            _ => new StreamChannel(settings, tls: null, metrics.Hits("tcp"), metrics.Misses("tcp")),
        };
}
