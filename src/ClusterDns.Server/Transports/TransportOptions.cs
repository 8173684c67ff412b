using ClusterDns.Core.Pipeline;
using ClusterDns.Plugins.GrpcServer;
using ClusterDns.Plugins.Https;
using ClusterDns.Plugins.Https3;
using ClusterDns.Plugins.Multisocket;
using ClusterDns.Plugins.Quic;
using ClusterDns.Plugins.Timeouts;
using ClusterDns.Plugins.Tls;

namespace ClusterDns.Server.Transports;

/// <summary>What the server blocks of one address say about how it is served; the first block that says something decides.</summary>
internal sealed record TransportOptions(
    int Sockets,
    TimeoutsOptions Timeouts,
    TlsOptions? Tls,
    int MaxHttpConnections,
    QuicOptions Quic,
    Https3Options Https3,
    GrpcServerOptions Grpc)
{
    public static TransportOptions From(IReadOnlyList<BlockContext> blocks) => new(
        First<MultisocketOptions>(blocks)?.Sockets ?? Environment.ProcessorCount,
        First<TimeoutsOptions>(blocks) ?? new TimeoutsOptions(),
        First<TlsOptions>(blocks),
        (First<HttpsOptions>(blocks) ?? new HttpsOptions()).MaxConnections,
        First<QuicOptions>(blocks) ?? new QuicOptions(),
        First<Https3Options>(blocks) ?? new Https3Options(),
        First<GrpcServerOptions>(blocks) ?? new GrpcServerOptions());

    private static T? First<T>(IReadOnlyList<BlockContext> blocks)
        where T : class => blocks.Select(static block => block.Find<T>()).FirstOrDefault(static part => part is not null);
}
