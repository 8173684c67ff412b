using System.Net;
using System.Net.Sockets;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;
using ClusterDns.Server.Transports;
using ClusterDns.Server.Transports.Https;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ClusterDns.Server.Admin;

/// <summary>
/// One admin address: Kestrel without a host around it, so that nothing is read from the working directory (the host's
/// builders watch it for files).
/// </summary>
internal sealed class AdminServer : IAsyncDisposable
{
    private const int MaxConnections = 256;
    private static readonly TimeSpan ReadWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan IdleFor = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(2);

    private readonly KestrelServer _server;

    private AdminServer(KestrelServer server, AdminApplication application)
    {
        _server = server;
        Application = application;
    }

    public AdminApplication Application { get; }

    /// <summary>Where it listens, the port chosen by the system included.</summary>
    public string? BoundAddress => _server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();

    /// <exception cref="IOException">The address cannot be bound.</exception>
    public static async Task<AdminServer> StartAsync(HttpAddress address, AdminPaths routes, MetricRegistry metrics)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxRequestBodySize = 64 * 1024;
        options.Limits.RequestHeadersTimeout = ReadWithin;
        options.Limits.KeepAliveTimeout = IdleFor;
        var connections = new HttpConnections(MaxConnections, ConnectionsClosed.Family(metrics).With("limit"));
        if (address.Host is null)
        {
            options.ListenAnyIP(address.Port, Configure);
        }
        else
        {
            options.Listen(new IPEndPoint(address.Host, address.Port), Configure);
        }

        void Configure(ListenOptions listen)
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(next => connection => connections.RunAsync(connection, next));
        }

        var sockets = new SocketTransportOptions { CreateBoundListenSocket = Bind };
        var transport = new SocketTransportFactory(Options.Create(sockets), NullLoggerFactory.Instance);
        var server = new KestrelServer(Options.Create(options), transport, new HttpEvents(metrics));
        var application = new AdminApplication(routes);
        try
        {
            await server.StartAsync(application, CancellationToken.None);
        }
        catch
        {
            server.Dispose();
            throw;
        }

        return new AdminServer(server, application);
    }

    // Shared like those of DNS: a reload may ask for an address that the one before has as part of a wildcard, and a new
    // process starts while the old one still drains.
    private static Socket Bind(EndPoint endpoint) =>
        BoundSocket.Bind((IPEndPoint)endpoint, SocketType.Stream, isDual: endpoint is IPEndPoint { Address: var address } && address.Equals(IPAddress.IPv6Any));

    public async ValueTask DisposeAsync()
    {
        using var deadline = new CancellationTokenSource(StopWithin);
        await _server.StopAsync(deadline.Token);
        _server.Dispose();
    }
}
