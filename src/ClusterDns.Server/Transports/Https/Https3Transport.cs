using System.Net;
using System.Net.Quic;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.Versioning;
using ClusterDns.Core.Pipeline;
using ClusterDns.Server.Reloading;
using ClusterDns.Server.Transports.Streams;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Server.Transports.Https;

/// <summary>
/// DNS over HTTPS on HTTP/3 (RFC 8484, RFC 9114). Kestrel binds when it starts, so it is started when it is bound; requests that come
/// before <see cref="Start"/> are answered all the same.
/// </summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
[SupportedOSPlatform("windows")]
internal sealed class Https3Transport : ITransport, IHttpListener
{
    private const int MaxHeaders = 16 * 1024;

    private readonly ServerServices _services;
    private readonly TransportOptions _options;
    private readonly WebApplication _host;
    private readonly IServer _server;
    private readonly HttpsApplication _application;
    private volatile ListenGroup _group;
    private volatile Lazy<SslServerAuthenticationOptions> _tls;
    private bool _stopping;

    private Https3Transport(ListenGroup group, TransportOptions options, ServerServices services, TransportLimits limits)
    {
        _services = services;
        _group = group;
        _options = options;
        _tls = TlsOf(options);
        Limits = limits;
        _application = new HttpsApplication(this, TransportProtocol.Https3, services);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseKestrelHttpsConfiguration();
#pragma warning disable CA2252 // Kestrel's only way to bound the streams of a connection is marked as a preview.
        builder.WebHost.UseQuic(quic => quic.MaxBidirectionalStreamCount = MaxStreamsOf(options));
#pragma warning restore CA2252
        builder.WebHost.ConfigureKestrel(Configure);
        builder.Services.AddSingleton<ILoggerFactory>(new HttpEvents(services.Metrics));
        _host = builder.Build();
        _server = _host.Services.GetRequiredService<IServer>();
        LocalEndPoint = LocalEndPointOf(group);
    }

    public ListenAddress Address => _group.Address;

    public IPEndPoint LocalEndPoint { get; private set; }

    public long LastQuery => _application.LastQuery;

    public ListenGroup Group => _group;

    public TransportLimits Limits { get; }

    /// <exception cref="ListenException">The address cannot be listened on.</exception>
    public static Https3Transport Bind(ListenGroup group, TransportOptions options, ServerServices services, TransportLimits limits)
    {
        var transport = new Https3Transport(group, options, services, limits);
        try
        {
            // Binding waits for nothing but the socket.
            transport._server.StartAsync(transport._application, CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (Exception exception) when (exception is QuicException or SocketException or IOException)
        {
            throw new ListenException($"listen {group.Address.Label}: {exception.Message}", exception);
        }

        if (transport._server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() is { } bound)
        {
            transport.LocalEndPoint.Port = new Uri(bound).Port;
        }

        return transport;
    }

    public void Start() => ServerTls.Warm(_tls);

    public bool TrySwap(ListenGroup group)
    {
        var options = TransportOptions.From(group.Blocks);
        if (options.Https3 != _options.Https3 || options.Timeouts != _options.Timeouts || options.Tls is null)
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
        using var deadline = new CancellationTokenSource(drain, _services.Time);
        await _server.StopAsync(deadline.Token);
        await _host.DisposeAsync();
    }

    public ValueTask DisposeAsync() => StopAsync(TimeSpan.Zero);

    private static Lazy<SslServerAuthenticationOptions> TlsOf(TransportOptions options) =>
        ServerTls.Create(options.Tls!, SslApplicationProtocol.Http3); // QuicSupport.ExpectTls came before

    private static int MaxStreamsOf(TransportOptions options) =>
        options.Https3.MaxStreams == 0 ? ushort.MaxValue : Math.Min(options.Https3.MaxStreams, ushort.MaxValue);

    private void Configure(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        var limits = options.Limits;
        limits.MaxConcurrentConnections = _options.Https3.MaxConnections == 0 ? null : _options.Https3.MaxConnections;
        limits.MaxRequestBodySize = HttpsApplication.MaxMessage;
        limits.MaxRequestHeadersTotalSize = MaxHeaders;
        limits.RequestHeadersTimeout = _options.Timeouts.Read;
        limits.KeepAliveTimeout = _options.Timeouts.Idle;
        options.Listen(LocalEndPointOf(_group), listen =>
        {
            listen.Protocols = HttpProtocols.Http3;
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                OnConnection = _ => ValueTask.FromResult(_tls.Value),
                HandshakeTimeout = _options.Timeouts.Read,
            });
        });
    }

    private static IPEndPoint LocalEndPointOf(ListenGroup group) => new(group.Address.Address ?? IPAddress.IPv6Any, group.Address.Port);
}
