using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using ClusterDns.Core.Pipeline;
using ClusterDns.Server.Reloading;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterDns.Server.Transports.Https;

/// <summary>
/// DNS over HTTPS (RFC 8484) by HTTP/1.1 and HTTP/2; without a certificate by HTTP/1.1 in the clear, for a proxy in front that
/// ends TLS.
/// </summary>
internal sealed class HttpsTransport : KestrelTransport
{
    private const int BufferSize = 128 * 1024;

    private readonly KestrelServer _server;
    private readonly HttpsApplication _application;

    private HttpsTransport(Socket socket, ListenGroup group, ServerServices services, TransportLimits limits)
        : base(group, TransportOptions.From(group.Blocks), services, limits, SslApplicationProtocol.Http2, SslApplicationProtocol.Http11)
    {
        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!; // it is bound
        _application = new HttpsApplication(this, TransportProtocol.Https, services);
        var sockets = new SocketTransportOptions { CreateBoundListenSocket = _ => socket };
        _server = new KestrelServer(
            Microsoft.Extensions.Options.Options.Create(Configure()),
            new SocketTransportFactory(Microsoft.Extensions.Options.Options.Create(sockets), NullLoggerFactory.Instance),
            new HttpEvents(services.Metrics));
    }

    public override IPEndPoint LocalEndPoint { get; }

    public override long LastQuery => _application.LastQuery;

    /// <exception cref="ListenException">The address cannot be listened on.</exception>
    public static HttpsTransport Bind(ListenGroup group, ServerServices services, TransportLimits limits) =>
        new(BoundSocket.Listen(group.Address, group.Address.Port, Backlog), group, services, limits);

    protected override Task StartServerAsync() => _server.StartAsync(_application, CancellationToken.None);

    protected override Task StopServerAsync(CancellationToken deadline) => _server.StopAsync(deadline);

    protected override ValueTask DisposeServerAsync()
    {
        _server.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override bool HasSameLimits(TransportOptions options) => options.MaxHttpConnections == Options.MaxHttpConnections;

    private KestrelServerOptions Configure()
    {
        var kestrel = new KestrelServerOptions();
        Limit(kestrel, HttpsApplication.MaxMessage);
        kestrel.Limits.MaxRequestBufferSize = BufferSize;
        ListenOnTcp(kestrel, Options.Tls is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2, Options.MaxHttpConnections);
        return kestrel;
    }
}
