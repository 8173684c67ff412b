using System.Net;
using System.Net.Quic;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.Versioning;
using ClusterDns.Core.Pipeline;
using ClusterDns.Server.Reloading;
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
/// before <see cref="ITransport.Start"/> are answered all the same.
/// </summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
[SupportedOSPlatform("windows")]
internal sealed class Https3Transport : KestrelTransport
{
    private const int MaxHeaders = 16 * 1024;

    private readonly WebApplication _host;
    private readonly IServer _server;
    private readonly HttpsApplication _application;

    private Https3Transport(ListenGroup group, TransportOptions options, ServerServices services, TransportLimits limits)
        : base(group, options, services, limits, SslApplicationProtocol.Http3)
    {
        _application = new HttpsApplication(this, TransportProtocol.Https3, services);
        LocalEndPoint = new IPEndPoint(group.Address.Address ?? IPAddress.IPv6Any, group.Address.Port);
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
    }

    public override IPEndPoint LocalEndPoint { get; }

    public override long LastQuery => _application.LastQuery;

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

    // It runs already.
    protected override Task StartServerAsync() => Task.CompletedTask;

    protected override Task StopServerAsync(CancellationToken deadline) => _server.StopAsync(deadline);

    protected override ValueTask DisposeServerAsync() => _host.DisposeAsync();

    protected override bool HasSameLimits(TransportOptions options) => options.Https3 == Options.Https3;

    private static int MaxStreamsOf(TransportOptions options) =>
        options.Https3.MaxStreams == 0 ? ushort.MaxValue : Math.Min(options.Https3.MaxStreams, ushort.MaxValue);

    private void Configure(KestrelServerOptions kestrel)
    {
        Limit(kestrel, HttpsApplication.MaxMessage);
        kestrel.Limits.MaxConcurrentConnections = Options.Https3.MaxConnections == 0 ? null : Options.Https3.MaxConnections;
        kestrel.Limits.MaxRequestHeadersTotalSize = MaxHeaders;
        kestrel.Listen(LocalEndPoint, listen =>
        {
            listen.Protocols = HttpProtocols.Http3;
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                OnConnection = _ => ValueTask.FromResult(CurrentTls!), // QuicSupport.ExpectTls came before
                HandshakeTimeout = Options.Timeouts.Read,
            });
        });
    }
}
