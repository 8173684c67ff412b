using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using ClusterDns.Core.Pipeline;
using ClusterDns.Plugins.Grpc;
using ClusterDns.Server.Reloading;
using ClusterDns.Server.Transports.Https;
using ClusterDns.Server.Transports.Proxying;
using ClusterDns.Server.Transports.Streams;
using Grpc.AspNetCore.Server;
using Grpc.AspNetCore.Server.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Server.Transports.Grpc;

/// <summary>DNS over gRPC, CoreDNS's own service, by HTTP/2; without a certificate in the clear.</summary>
internal sealed class GrpcTransport : ITransport
{
    private const int Backlog = 512;
    private const int WindowSize = 96 * 1024;

    private readonly ServerServices _services;
    private readonly TransportOptions _options;
    private readonly Socket _socket;
    private readonly WebApplication _host;
    private readonly GrpcService _service;
    private volatile ListenGroup _group;
    private volatile Lazy<SslServerAuthenticationOptions>? _tls;
    private Task? _started;
    private bool _stopping;

    private GrpcTransport(Socket socket, ListenGroup group, ServerServices services, TransportLimits limits)
    {
        _socket = socket;
        _services = services;
        _group = group;
        _options = TransportOptions.From(group.Blocks);
        _tls = TlsOf(_options);
        Limits = limits;
        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!; // it is bound
        _service = new GrpcService(this, services);
        _host = Build();
    }

    public ListenAddress Address => _group.Address;

    public IPEndPoint LocalEndPoint { get; }

    public long LastQuery => _service.LastQuery;

    public ListenGroup Group => _group;

    public TransportLimits Limits { get; }

    /// <exception cref="ListenException">The address cannot be listened on.</exception>
    public static GrpcTransport Bind(ListenGroup group, ServerServices services, TransportLimits limits) =>
        new(BoundSocket.Listen(group.Address, group.Address.Port, Backlog), group, services, limits);

    public void Start()
    {
        _started = _host.StartAsync();
        ServerTls.Warm(_tls);
    }

    public bool TrySwap(ListenGroup group)
    {
        var options = TransportOptions.From(group.Blocks);
        if (options.Grpc != _options.Grpc || options.Timeouts != _options.Timeouts || options.Tls is null != _options.Tls is null)
        {
            return false;
        }

        _tls = TlsOf(options);
        _group = group;
        ServerTls.Warm(_tls);
        return true;
    }

    public async ValueTask StopAsync(TimeSpan drain)
    {
        if (_stopping)
        {
            return;
        }

        _stopping = true;
        if (_started is not null)
        {
            await _started;
            using var deadline = new CancellationTokenSource(drain, _services.Time);
            await _host.StopAsync(deadline.Token);
        }

        await _host.DisposeAsync();
        _socket.Dispose();
    }

    public ValueTask DisposeAsync() => StopAsync(TimeSpan.Zero);

    private static Lazy<SslServerAuthenticationOptions>? TlsOf(TransportOptions options) =>
        options.Tls is { } tls ? ServerTls.Create(tls, SslApplicationProtocol.Http2) : null;

    private WebApplication Build()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseSockets(sockets => sockets.CreateBoundListenSocket = _ => _socket);
        builder.WebHost.ConfigureKestrel(Configure);
        builder.Services.AddSingleton<ILoggerFactory>(new HttpEvents(_services.Metrics));
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

    private void Configure(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        var limits = options.Limits;

        // Above what gRPC itself takes, so that a call that is too long learns so by its status.
        limits.MaxRequestBodySize = 2 * DnsPacket.MaxSize;
        limits.RequestHeadersTimeout = _options.Timeouts.Read;
        limits.KeepAliveTimeout = _options.Timeouts.Idle;
        limits.Http2.MaxStreamsPerConnection = _options.Grpc.MaxStreams == 0 ? int.MaxValue : _options.Grpc.MaxStreams;
        limits.Http2.InitialStreamWindowSize = WindowSize;
        limits.Http2.InitialConnectionWindowSize = WindowSize;
        options.Listen(LocalEndPoint, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            var connections = new HttpConnections(_options.Grpc.MaxConnections, Limits.ClosedForAnother);
            listen.Use(next => connection => connections.RunAsync(connection, next));
            var proxied = new ProxiedConnection(() => _group.ProxyProto, _options.Timeouts.Read, _services.Time);
            listen.Use(next => connection => proxied.RunAsync(connection, next));
            if (_options.Tls is not null)
            {
                var handshake = new HttpsHandshake(() => _tls?.Value, _options.Timeouts.Read, _services.Time, Limits.ClosedTimedOut);
                listen.Use(next => connection => handshake.RunAsync(connection, next));
            }
        });
    }
}
