using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Server.Reloading;
using ClusterDns.Server.Transports.Streams;

namespace ClusterDns.Server.Transports;

/// <summary>Makes the transport that an address's scheme stands for.</summary>
internal static class TransportFactory
{
    /// <summary>Binds the address; nothing is read before <see cref="ITransport.Start"/>.</summary>
    /// <exception cref="ListenException">The address cannot be listened on.</exception>
    public static ITransport Bind(ListenGroup group, ServerServices services, TransportLimits limits) => group.Address.Scheme switch
    {
        TransportScheme.Dns => DnsTransport.Bind(group, services, limits),
        TransportScheme.Tls => StreamTransport.Bind(group, group.Address.Port, services, limits),
        _ => throw new ListenException($"listen {group.Address.Label}: this build does not serve this transport"),
    };
}
