using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Server.Reloading;
using ClusterDns.Server.Transports.Grpc;
using ClusterDns.Server.Transports.Https;
using ClusterDns.Server.Transports.Quic;
using ClusterDns.Server.Transports.Streams;

namespace ClusterDns.Server.Transports;

/// <summary>Makes the transport that an address's scheme stands for.</summary>
internal static class TransportFactory
{
    /// <summary>Binds the address; nothing is read before <see cref="ITransport.Start"/>.</summary>
    /// <exception cref="ListenException">The address cannot be listened on, or not by this program.</exception>
    public static ITransport Bind(ListenGroup group, ServerServices services, TransportLimits limits) => group.Address.Scheme switch
    {
        TransportScheme.Dns => DnsTransport.Bind(group, services, limits),
        TransportScheme.Tls => StreamTransport.Bind(group, group.Address.Port, services, limits),
        TransportScheme.Https => HttpsTransport.Bind(group, services, limits),
        TransportScheme.Quic => BindQuic(group, services, limits),
        TransportScheme.Https3 => BindHttps3(group, services, limits),
        TransportScheme.Grpc => GrpcTransport.Bind(group, services, limits),
        _ => throw new ListenException($"listen {group.Address.Label}: there is no such transport"),
    };

    private static ITransport BindQuic(ListenGroup group, ServerServices services, TransportLimits limits)
    {
        var options = TransportOptions.From(group.Blocks);
        QuicSupport.ExpectTls(group, options);
        return QuicSupport.IsThere ? QuicTransport.Bind(group, options, services, limits) : throw QuicSupport.Missing(group);
    }

    private static ITransport BindHttps3(ListenGroup group, ServerServices services, TransportLimits limits)
    {
        var options = TransportOptions.From(group.Blocks);
        QuicSupport.ExpectTls(group, options);
        return QuicSupport.IsThere ? Https3Transport.Bind(group, options, services, limits) : throw QuicSupport.Missing(group);
    }
}
