using System.Net;
using System.Net.Sockets;
using ClusterDns.Core.Telemetry;
using ClusterDns.Plugins.Forward;
using Grpc.Core;
using Grpc.Net.Client;

namespace ClusterDns.Plugins.Grpc;

/// <summary>One upstream: its connections, which the channel keeps, and its metrics.</summary>
internal sealed class GrpcUpstream : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly CallInvoker _calls;

    public GrpcUpstream(UpstreamAddress address, GrpcOptions options, MetricRegistry metrics)
    {
        Metrics = new GrpcMetrics(metrics, address.ToString());

        // The name in the URI is the one that TLS checks; where to connect is said apart.
        var name = UpstreamTls.NameOf(address, options.Forwarding);
        var host = IPAddress.TryParse(name, out var ip) && ip.AddressFamily is AddressFamily.InterNetworkV6 ? $"[{name}]" : name;
        _channel = GrpcChannel.ForAddress(
            $"{(options.UsesTls ? "https" : "http")}://{host}:{address.EndPoint.Port}",
            new GrpcChannelOptions
            {
                HttpHandler = CreateHandler(address, options),
                DisposeHttpClient = true,
                MaxReceiveMessageSize = DnsPacket.MaxSize,
                CompressionProviders = [],
                MaxRetryAttempts = null,
            });
        _calls = _channel.CreateCallInvoker();
    }

    public GrpcMetrics Metrics { get; }

    /// <exception cref="RpcException">The upstream, or the way to it, failed.</exception>
    public async Task<DnsPacket> AskAsync(DnsPacket packet, CancellationToken cancel)
    {
        using var call = _calls.AsyncUnaryCall(DnsPacket.Query, host: null, new CallOptions(cancellationToken: cancel), packet);
        return await call;
    }

    public void Dispose() => _channel.Dispose();

    private static SocketsHttpHandler CreateHandler(UpstreamAddress address, GrpcOptions options) => new()
    {
        SslOptions = UpstreamTls.CreateOptions(address, options.Forwarding),
        AllowAutoRedirect = false,
        EnableMultipleHttp2Connections = true,
        MaxConnectionsPerServer = 32,
        MaxResponseHeadersLength = 16,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        ConnectCallback = async (_, cancel) =>
        {
            var socket = new Socket(address.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(address.EndPoint, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };
}
