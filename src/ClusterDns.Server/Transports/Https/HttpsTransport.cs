using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using ClusterDns.Core.Pipeline;
using ClusterDns.Server.Reloading;
using ClusterDns.Server.Transports.Proxying;
using ClusterDns.Server.Transports.Streams;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ClusterDns.Server.Transports.Https;

/// <summary>
/// DNS over HTTPS (RFC 8484) by HTTP/1.1 and HTTP/2; without a certificate by HTTP/1.1 in the clear, for a proxy in front that
/// ends TLS.
/// </summary>
internal sealed class HttpsTransport : ITransport, IHttpListener
{
    private const int Backlog = 512;

    // A body as large as a message may be fits into what one connection may send ahead, and little more.
    private const int BufferSize = 128 * 1024;
    private const int WindowSize = 96 * 1024;

    private readonly ServerServices _services;
    private readonly TransportOptions _options;
    private readonly KestrelServer _server;
    private readonly HttpsApplication _application;
    private volatile ListenGroup _group;
    private volatile Lazy<SslServerAuthenticationOptions>? _tls;
    private Task? _started;
    private bool _stopping;

    private HttpsTransport(Socket socket, ListenGroup group, ServerServices services, TransportLimits limits)
    {
        _services = services;
        _group = group;
        _options = TransportOptions.From(group.Blocks);
        _tls = TlsOf(_options);
        Limits = limits;
        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!; // it is bound
        _application = new HttpsApplication(this, TransportProtocol.Https, services);
        var sockets = new SocketTransportOptions { CreateBoundListenSocket = _ => socket };
        _server = new KestrelServer(
            Options.Create(Configure()),
            new SocketTransportFactory(Options.Create(sockets), NullLoggerFactory.Instance),
            new HttpEvents(services.Metrics));
    }

    public ListenAddress Address => _group.Address;

    public IPEndPoint LocalEndPoint { get; }

    public long LastQuery => _application.LastQuery;

    public ListenGroup Group => _group;

    public TransportLimits Limits { get; }

    /// <exception cref="ListenException">The address cannot be listened on.</exception>
    public static HttpsTransport Bind(ListenGroup group, ServerServices services, TransportLimits limits) =>
        new(BoundSocket.Listen(group.Address, group.Address.Port, Backlog), group, services, limits);

    public void Start()
    {
        _started = _server.StartAsync(_application, CancellationToken.None);
        ServerTls.Warm(_tls);
    }

    public bool TrySwap(ListenGroup group)
    {
        var options = TransportOptions.From(group.Blocks);
        if (options.MaxHttpConnections != _options.MaxHttpConnections
            || options.Timeouts != _options.Timeouts
            || options.Tls is null != _options.Tls is null)
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
            await _server.StopAsync(deadline.Token);
        }

        _server.Dispose();
    }

    public ValueTask DisposeAsync() => StopAsync(TimeSpan.Zero);

    // The first is what a client that can do both is given.
    private static Lazy<SslServerAuthenticationOptions>? TlsOf(TransportOptions options) => options.Tls is { } tls
        ? ServerTls.Create(tls, SslApplicationProtocol.Http2, SslApplicationProtocol.Http11)
        : null;

    private KestrelServerOptions Configure()
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        var limits = options.Limits;
        limits.MaxRequestBodySize = HttpsApplication.MaxMessage;
        limits.MaxRequestBufferSize = BufferSize;
        limits.RequestHeadersTimeout = _options.Timeouts.Read;
        limits.KeepAliveTimeout = _options.Timeouts.Idle;
        limits.Http2.InitialStreamWindowSize = WindowSize;
        limits.Http2.InitialConnectionWindowSize = WindowSize;
        options.Listen(LocalEndPoint, listen =>
        {
            listen.Protocols = _options.Tls is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
            var connections = new HttpConnections(_options.MaxHttpConnections, Limits.ClosedForAnother);
            listen.Use(next => connection => connections.RunAsync(connection, next));
            var proxied = new ProxiedConnection(() => _group.ProxyProto, _options.Timeouts.Read, _services.Time);
            listen.Use(next => connection => proxied.RunAsync(connection, next));
            if (_options.Tls is not null)
            {
                var handshake = new HttpsHandshake(() => _tls?.Value, _options.Timeouts.Read, _services.Time, Limits.ClosedTimedOut);
                listen.Use(next => connection => handshake.RunAsync(connection, next));
            }
        });
        return options;
    }
}
