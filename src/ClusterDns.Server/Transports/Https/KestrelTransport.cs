using System.Net;
using System.Net.Security;
using ClusterDns.Core.Pipeline;
using ClusterDns.Server.Reloading;
using ClusterDns.Server.Transports.Proxying;
using ClusterDns.Server.Transports.Streams;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ClusterDns.Server.Transports.Https;

/// <summary>What the transports on Kestrel share: they start, are swapped and end alike.</summary>
/// <param name="protocols">What is agreed on in a TLS handshake; the first is what a client that can do several is given.</param>
internal abstract class KestrelTransport(
    ListenGroup group, TransportOptions options, ServerServices services, TransportLimits limits, params SslApplicationProtocol[] protocols)
    : ITransport, IHttpListener
{
    /// <summary>Of connections that wait to be taken.</summary>
    protected const int Backlog = 512;

    // A body as large as a message may be fits into what one connection may send ahead, and little more.
    private const int WindowSize = 96 * 1024;

    private volatile ListenGroup _group = group;
    private volatile Lazy<SslServerAuthenticationOptions>? _tls = TlsOf(options, protocols);
    private Task? _started;
    private bool _stopping;

    public ListenAddress Address => _group.Address;

    public abstract IPEndPoint LocalEndPoint { get; }

    public abstract long LastQuery { get; }

    public ListenGroup Group => _group;

    public TransportLimits Limits { get; } = limits;

    /// <summary>What this was bound with.</summary>
    protected TransportOptions Options { get; } = options;

    protected ServerServices Services { get; } = services;

    public void Start()
    {
        _started = StartServerAsync();
        ServerTls.Warm(_tls);
    }

    public bool TrySwap(ListenGroup group)
    {
        var options = TransportOptions.From(group.Blocks);
        if (!HasSameLimits(options) || options.Timeouts != Options.Timeouts || options.Tls is null != Options.Tls is null)
        {
            return false;
        }

        _tls = TlsOf(options, protocols);
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
            using var deadline = new CancellationTokenSource(drain, Services.Time);
            await StopServerAsync(deadline.Token);
        }

        await DisposeServerAsync();
    }

    public ValueTask DisposeAsync() => StopAsync(TimeSpan.Zero);

    protected abstract Task StartServerAsync();

    protected abstract Task StopServerAsync(CancellationToken deadline);

    protected abstract ValueTask DisposeServerAsync();

    /// <summary>False where a running server would have to be told of other limits, which Kestrel cannot be.</summary>
    protected abstract bool HasSameLimits(TransportOptions options);

    /// <param name="maxBody">Octets.</param>
    protected void Limit(KestrelServerOptions kestrel, int maxBody)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = maxBody;
        kestrel.Limits.RequestHeadersTimeout = Options.Timeouts.Read;
        kestrel.Limits.KeepAliveTimeout = Options.Timeouts.Idle;
        kestrel.Limits.Http2.InitialStreamWindowSize = WindowSize;
        kestrel.Limits.Http2.InitialConnectionWindowSize = WindowSize;
    }

    /// <summary>
    /// Listens on TCP, and puts in front of HTTP what comes before it: the ceiling on connections, a PROXY header and a TLS
    /// handshake where there are to be such.
    /// </summary>
    /// <param name="maxConnections">0: no ceiling.</param>
    protected void ListenOnTcp(KestrelServerOptions kestrel, HttpProtocols version, int maxConnections) => kestrel.Listen(LocalEndPoint, listen =>
    {
        listen.Protocols = version;
        var connections = new HttpConnections(maxConnections, Limits.ClosedForAnother);
        listen.Use(next => connection => connections.RunAsync(connection, next));
        var proxied = new ProxiedConnection(() => _group.ProxyProto, Options.Timeouts.Read, Services.Time);
        listen.Use(next => connection => proxied.RunAsync(connection, next));
        if (Options.Tls is not null)
        {
            var handshake = new HttpsHandshake(() => CurrentTls, Options.Timeouts.Read, Services.Time, Limits.ClosedTimedOut);
            listen.Use(next => connection => handshake.RunAsync(connection, next));
        }
    });

    /// <summary>What a handshake that begins now needs; null in the clear.</summary>
    protected SslServerAuthenticationOptions? CurrentTls => _tls?.Value;

    private static Lazy<SslServerAuthenticationOptions>? TlsOf(TransportOptions options, SslApplicationProtocol[] protocols) =>
        options.Tls is { } tls ? ServerTls.Create(tls, protocols) : null;
}
