using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace ClusterDns.Plugins.Forward;

/// <summary>Reaches an upstream over HTTPS (RFC 8484), HTTP/2 where it can; connections are HttpClient's to keep.</summary>
internal sealed class HttpsChannel : IUpstreamChannel
{
    private const string MediaType = "application/dns-message";
    private const int MaxInFlight = 1024;

    private readonly HttpClient _client;
    private readonly ChannelSettings _settings;
    private readonly Uri _uri;
    private readonly bool _get;
    private readonly CancellationTokenSource _closing = new();
    private int _inFlight;

    public HttpsChannel(UpstreamAddress address, ForwardOptions options, ChannelSettings settings)
    {
        _settings = settings;
        _get = options.HttpGet;

        // The name in the URI is the one that TLS checks; where to connect is said apart.
        var name = UpstreamTls.NameOf(address, options);
        var host = IPAddress.TryParse(name, out var ip) && ip.AddressFamily is AddressFamily.InterNetworkV6 ? $"[{name}]" : name;
        _uri = new Uri($"https://{host}:{address.EndPoint.Port}/dns-query");
        _client = new HttpClient(CreateHandler(address, options)) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public void Send(Exchange exchange)
    {
        if (Interlocked.Increment(ref _inFlight) > MaxInFlight)
        {
            Interlocked.Decrement(ref _inFlight);
            _settings.Limits.NoRoom.Increment(exchange.Worker);
            exchange.Fail("forward: too many queries wait for " + _uri);
            return;
        }

        // RFC 8484 §4.1: id 0, for the sake of HTTP caches.
        exchange.SetId(0);
        _ = ExchangeAsync(exchange);
    }

    public ChannelState Sweep(long now) => ChannelState.Empty;

    public void Dispose()
    {
        _closing.Cancel();
        _client.Dispose();
        _closing.Dispose();
    }

    private async Task ExchangeAsync(Exchange exchange)
    {
        byte[]? reply = null;
        string error;
        try
        {
            var time = _settings.Time;
            var left = time.GetElapsedTime(time.GetTimestamp(), exchange.Deadline);
            using var timeout = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _closing.Token);
            using var request = CreateRequest(exchange);
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, linked.Token);
            error = $"unexpected answer from {_uri}: {(int)response.StatusCode} {response.Content.Headers.ContentType}";
            if (response.StatusCode is HttpStatusCode.OK && response.Content.Headers.ContentType?.MediaType == MediaType)
            {
                await response.Content.LoadIntoBufferAsync(ushort.MaxValue, linked.Token);
                reply = await response.Content.ReadAsByteArrayAsync(linked.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            error = $"{(_get ? "Get" : "Post")} \"{_uri}\": context deadline exceeded";
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            error = $"{(_get ? "Get" : "Post")} \"{_uri}\": {exception.Message}";
        }

        Interlocked.Decrement(ref _inFlight);
        if (reply is { Length: >= 2 } && reply[0] == 0 && reply[1] == 0)
        {
            exchange.Receive(reply);
        }
        else
        {
            exchange.Fail(reply is null ? error : $"bad answer from {_uri}");
        }
    }

    private HttpRequestMessage CreateRequest(Exchange exchange)
    {
        HttpRequestMessage request;
        if (_get)
        {
            // RFC 8484 §6: base64url without padding.
            request = new HttpRequestMessage(HttpMethod.Get, new Uri(_uri, "?dns=" + Base64Url.EncodeToString(exchange.Message)));
        }
        else
        {
            // A copy: what is timed out may still be on its way when the exchange carries the next question.
            request = new HttpRequestMessage(HttpMethod.Post, _uri) { Content = new ByteArrayContent(exchange.Message.ToArray()) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaType);
        }

        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(MediaType));
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        return request;
    }

    private SocketsHttpHandler CreateHandler(UpstreamAddress address, ForwardOptions options) => new()
    {
        SslOptions = UpstreamTls.CreateOptions(address, options),
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        EnableMultipleHttp2Connections = true,
        MaxConnectionsPerServer = 32,
        MaxResponseHeadersLength = 16,
        PooledConnectionIdleTimeout = options.Expire > TimeSpan.Zero ? options.Expire : Timeout.InfiniteTimeSpan,
        PooledConnectionLifetime = options.MaxAge > TimeSpan.Zero ? options.MaxAge : Timeout.InfiniteTimeSpan,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        ConnectCallback = async (_, cancel) =>
        {
            var socket = new Socket(_settings.Remote.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                if (_settings.Source is { } source)
                {
                    socket.Bind(new IPEndPoint(source, 0));
                }

                await socket.ConnectAsync(_settings.Remote, cancel);
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
