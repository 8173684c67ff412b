using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ClusterDns.Plugins.Backends;

namespace ClusterDns.Plugins.Etcd;

/// <summary>Talks to an etcd cluster (v3) through the JSON gateway of its members.</summary>
internal sealed class EtcdClient : IDisposable
{
    /// <summary>Keys that one request brings at most.</summary>
    public const int MaxKeys = 4096;

    // How long one member may take while there are others to ask.
    private static readonly TimeSpan MemberTimeout = TimeSpan.FromSeconds(2);

    private readonly EtcdOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;
    private readonly Uri[] _endpoints;
    private readonly SemaphoreSlim _authenticating = new(1, 1);
    private volatile string? _token;
    private int _current;

    public EtcdClient(EtcdOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _http = BackendHttp.Create(Timeout.InfiniteTimeSpan, options.Tls);
        _endpoints = [.. options.Endpoints];
    }

    /// <summary>The value of a key, or every key that starts with it.</summary>
    /// <exception cref="HttpRequestException">No member can be reached.</exception>
    /// <exception cref="BackendException">etcd refuses.</exception>
    /// <exception cref="OperationCanceledException">It takes too long.</exception>
    public async Task<IReadOnlyList<EtcdKeyValue>> GetAsync(string key, bool isPrefix, CancellationToken cancel)
    {
        var octets = Encoding.UTF8.GetBytes(key);
        byte[]? end = null;
        if (isPrefix)
        {
            // The first key behind all of them: prefixes end in '/', so the last octet can be counted up.
            end = (byte[])octets.Clone();
            end[^1]++;
        }

        var request = new RangeRequest(octets, end, MaxKeys);
        var response = await AskAsync("v3/kv/range", request, EtcdJson.Default.RangeRequest, EtcdJson.Default.RangeResponse, cancel);
        return response.Kvs ?? [];
    }

    /// <summary>Seconds that are left of a lease; 0 or less where it is over.</summary>
    public async Task<long> GetLeaseAsync(long lease, CancellationToken cancel)
    {
        var request = new LeaseRequest(lease);
        var response = await AskAsync(
            "v3/lease/timetolive", request, EtcdJson.Default.LeaseRequest, EtcdJson.Default.LeaseResponse, cancel);
        return response.Ttl;
    }

    public void Dispose()
    {
        _http.Dispose();
        _authenticating.Dispose();
    }

    private async Task<TResponse> AskAsync<TRequest, TResponse>(
        string path,
        TRequest request,
        JsonTypeInfo<TRequest> requestType,
        JsonTypeInfo<TResponse> responseType,
        CancellationToken cancel)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(request, requestType);
        if (_options.UserName is null)
        {
            return Read(await SendAsync(path, body, token: null, cancel), responseType);
        }

        var token = _token ?? await AuthenticateAsync(null, cancel);
        var reply = await SendAsync(path, body, token, cancel);
        if (reply.Status is HttpStatusCode.Unauthorized)
        {
            // Tokens end after a while, and with every change of the users.
            reply = await SendAsync(path, body, await AuthenticateAsync(token, cancel), cancel);
        }

        return Read(reply, responseType);
    }

    // One at a time: whoever waited takes the token that came meanwhile.
    private async Task<string> AuthenticateAsync(string? rejected, CancellationToken cancel)
    {
        await _authenticating.WaitAsync(cancel);
        try
        {
            if (_token is { } known && known != rejected)
            {
                return known;
            }

            var request = new AuthenticateRequest(_options.UserName ?? "", _options.Password ?? "");
            var body = JsonSerializer.SerializeToUtf8Bytes(request, EtcdJson.Default.AuthenticateRequest);
            var reply = await SendAsync("v3/auth/authenticate", body, token: null, cancel);
            var token = Read(reply, EtcdJson.Default.AuthenticateResponse).Token;
            _token = token;
            return token ?? throw new BackendException("etcd gave no token");
        }
        finally
        {
            _authenticating.Release();
        }
    }

    // From the member that answered last through all others.
    private async Task<(HttpStatusCode Status, byte[] Body)> SendAsync(string path, byte[] body, string? token, CancellationToken cancel)
    {
        var first = Volatile.Read(ref _current);
        for (var attempt = 0; ; attempt++)
        {
            var index = (first + attempt) % _endpoints.Length;
            var isLast = attempt == _endpoints.Length - 1;
            try
            {
                var reply = await SendOnceAsync(_endpoints[index], path, body, token, isLast, cancel);
                if (isLast || reply.Status is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway))
                {
                    Volatile.Write(ref _current, index);
                    return reply;
                }
            }
            catch (Exception exception) when (
                !isLast && !cancel.IsCancellationRequested && exception is HttpRequestException or OperationCanceledException)
            {
                // Away or slow: the next one.
            }
        }
    }

    private async Task<(HttpStatusCode Status, byte[] Body)> SendOnceAsync(
        Uri endpoint, string path, byte[] body, string? token, bool isLast, CancellationToken cancel)
    {
        using var limit = isLast ? null : new CancellationTokenSource(MemberTimeout, _time);
        using var either = limit is null ? null : CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(endpoint, path)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", token);
        }

        using var response = await _http.SendAsync(request, either?.Token ?? cancel);
        return (response.StatusCode, await response.Content.ReadAsByteArrayAsync(either?.Token ?? cancel));
    }

    private static T Read<T>((HttpStatusCode Status, byte[] Body) reply, JsonTypeInfo<T> type)
    {
        if (reply.Status is HttpStatusCode.OK)
        {
            return JsonSerializer.Deserialize(reply.Body, type) ?? throw new BackendException("etcd answered null");
        }

        throw new BackendException($"etcd answered {(int)reply.Status}: {BackendHttp.Excerpt(ReadError(reply.Body))}");
    }

    private static string ReadError(byte[] body)
    {
        try
        {
            var error = JsonSerializer.Deserialize(body, EtcdJson.Default.EtcdError);
            return error?.Message ?? error?.Error ?? "";
        }
        catch (JsonException)
        {
            return Encoding.UTF8.GetString(body);
        }
    }
}
