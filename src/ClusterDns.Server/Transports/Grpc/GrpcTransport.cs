using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using ClusterDns.Core.Pipeline;
using ClusterDns.Plugins.Grpc;
using ClusterDns.Server.Reloading;
using ClusterDns.Server.Transports.Https;
using Grpc.AspNetCore.Server;
using Grpc.AspNetCore.Server.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Server.Transports.Grpc;

/// <summary>DNS over gRPC, CoreDNS's own service, by HTTP/2; without a certificate in the clear.</summary>
internal sealed class GrpcTransport : KestrelTransport
{
    private readonly Socket _socket;
    private readonly WebApplication _host;
    private readonly GrpcService _service;

    private GrpcTransport(Socket socket, ListenGroup group, ServerServices services, TransportLimits limits)
        : base(group, TransportOptions.From(group.Blocks), services, limits, SslApplicationProtocol.Http2)
    {
        _socket = socket;
        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!; // it is bound
        _service = new GrpcService(this, services);
        _host = Build();
    }

    public override IPEndPoint LocalEndPoint { get; }

    public override long LastQuery => _service.LastQuery;

    /// <exception cref="ListenException">The address cannot be listened on.</exception>
    public static GrpcTransport Bind(ListenGroup group, ServerServices services, TransportLimits limits) =>
        new(BoundSocket.Listen(group.Address, group.Address.Port, Backlog), group, services, limits);

    protected override Task StartServerAsync() => _host.StartAsync();

    protected override Task StopServerAsync(CancellationToken deadline) => _host.StopAsync(deadline);

    protected override async ValueTask DisposeServerAsync()
    {
        await _host.DisposeAsync();
        _socket.Dispose();
    }

    protected override bool HasSameLimits(TransportOptions options) => options.Grpc == Options.Grpc;

    private WebApplication Build()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseSockets(sockets => sockets.CreateBoundListenSocket = _ => _socket);
        builder.WebHost.ConfigureKestrel(Configure);
        builder.Services.AddSingleton<ILoggerFactory>(new HttpEvents(Services.Metrics));
        builder.Services.AddSingleton(_service);
        builder.Services.AddSingleton<IServiceMethodProvider<GrpcService>, GrpcMethods>();
        builder.Services.AddGrpc(static grpc =>
        {
            // Checked before a message is read.
            grpc.MaxReceiveMessageSize = DnsPacket.MaxSize;
        });

        // A compressed message could become any size, so none is taken. The library puts its own in after the options above.
        builder.Services.PostConfigure<GrpcServiceOptions>(static grpc => grpc.CompressionProviders.Clear());
        var host = builder.Build();
        host.MapGrpcService<GrpcService>();
        return host;
    }

    private void Configure(KestrelServerOptions kestrel)
    {
        // Above what gRPC itself takes, so that a call that is too long learns so by its status.
        Limit(kestrel, 2 * DnsPacket.MaxSize);
        kestrel.Limits.Http2.MaxStreamsPerConnection = Options.Grpc.MaxStreams == 0 ? int.MaxValue : Options.Grpc.MaxStreams;
        ListenOnTcp(kestrel, HttpProtocols.Http2, Options.Grpc.MaxConnections);
    }
}
