using System.Net;
using System.Net.Quic;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.Versioning;
using ClusterDns.Core.Pipeline;
using ClusterDns.Server.Reloading;
using ClusterDns.Server.Transports.Streams;

namespace ClusterDns.Server.Transports.Quic;

/// <summary>DNS over QUIC (RFC 9250) by .NET's listener; what is done with its connections is <see cref="DoqService"/>.</summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
[SupportedOSPlatform("windows")]
internal sealed class QuicTransport : ITransport
{
    private const int Backlog = 64;

    private readonly QuicListener _listener;
    private readonly DoqService _service;
    private volatile Lazy<SslServerAuthenticationOptions> _tls;
    private Task _accepting = Task.CompletedTask;
    private bool _stopping;

    private QuicTransport(ListenGroup group, TransportOptions options, ServerServices services, TransportLimits limits)
    {
        _tls = TlsOf(options);
        _service = new DoqService(group, options, services, limits);
        var listen = QuicListener.ListenAsync(new QuicListenerOptions
        {
            ListenEndPoint = new IPEndPoint(group.Address.Address ?? IPAddress.IPv6Any, group.Address.Port),
            ApplicationProtocols = [DnsOverQuic],
            ListenBacklog = Backlog,
            ConnectionOptionsCallback = (_, _, _) => ValueTask.FromResult(OptionsOfConnection()),
        });

        // Binding waits for nothing: the task is done when it is returned.
        _listener = listen.AsTask().GetAwaiter().GetResult();
    }

    public static SslApplicationProtocol DnsOverQuic { get; } = new("doq");

    public ListenAddress Address => _service.Group.Address;

    public IPEndPoint LocalEndPoint => _listener.LocalEndPoint;

    public long LastQuery => _service.LastQuery;

    /// <exception cref="ListenException">The address cannot be listened on.</exception>
    public static QuicTransport Bind(ListenGroup group, TransportOptions options, ServerServices services, TransportLimits limits)
    {
        try
        {
            return new QuicTransport(group, options, services, limits);
        }
        catch (Exception exception) when (exception is QuicException or SocketException)
        {
            throw new ListenException($"listen {group.Address.Label}: {exception.Message}", exception);
        }
    }

    public void Start()
    {
        _accepting = AcceptAsync();
        ServerTls.Warm(_tls);
    }

    public bool TrySwap(ListenGroup group)
    {
        var options = TransportOptions.From(group.Blocks);
        if (options.Tls is null)
        {
            return false;
        }

        _tls = TlsOf(options);
        _service.Swap(group, options);
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
        await _service.StopAsync(drain);
        await _listener.DisposeAsync();
        await _accepting;
        _service.Dispose();
    }

    public ValueTask DisposeAsync() => StopAsync(TimeSpan.Zero);

    private static Lazy<SslServerAuthenticationOptions> TlsOf(TransportOptions options) =>
        ServerTls.Create(options.Tls!, DnsOverQuic); // QuicSupport.ExpectTls came before

    private QuicServerConnectionOptions OptionsOfConnection() => new()
    {
        ServerAuthenticationOptions = _tls.Value,
        DefaultStreamErrorCode = DoqError.Internal,
        DefaultCloseErrorCode = DoqError.None,
        MaxInboundBidirectionalStreams = _service.Options.MaxStreams,
        MaxInboundUnidirectionalStreams = 0,
        IdleTimeout = _service.Timeouts.Idle,
        HandshakeTimeout = _service.Timeouts.Read,
    };

    private async Task AcceptAsync()
    {
        while (!_service.Stopping.IsCancellationRequested)
        {
            try
            {
                _ = _service.ServeAsync(new NetQuicSession(await _listener.AcceptConnectionAsync(_service.Stopping)));
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (Exception exception) when (exception is QuicException or System.Security.Authentication.AuthenticationException)
            {
                // A client whose handshake failed: the next one.
            }
        }
    }
}
