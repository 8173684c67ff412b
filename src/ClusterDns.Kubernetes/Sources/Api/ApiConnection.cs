using System.Net;
using System.Security.Cryptography;
using ClusterDns.Kubernetes.Sources.Json;

namespace ClusterDns.Kubernetes.Sources.Api;

/// <summary>Sends requests to one API server over connections that notice when the other side is gone.</summary>
internal sealed class ApiConnection : IDisposable
{
    private const int LargestErrorBody = 16 * 1024;

    /// <summary>Time to the head of a response, connecting included.</summary>
    private static readonly TimeSpan ResponseTime = TimeSpan.FromSeconds(30);

    /// <summary>Files that are being replaced deserve a second look, not one with every request.</summary>
    private static readonly TimeSpan ResolveInterval = TimeSpan.FromSeconds(10);

    private readonly Func<ApiEndpoint> _resolve;
    private readonly TimeProvider _time;
    private readonly IApiObserver? _observer;
    private readonly Lock _resolving = new();
    private volatile ApiClient _client;
    private long _resolvedAt;

    /// <param name="resolve">
    /// Reads the configuration; called again when the server and we no longer trust each other, since certificates and
    /// kubeconfig files are replaced while we run.
    /// </param>
    /// <exception cref="SourceConfigurationException">The configuration leads to no API server.</exception>
    public ApiConnection(Func<ApiEndpoint> resolve, TimeProvider time, IApiObserver? observer)
    {
        _resolve = resolve;
        _time = time;
        _observer = observer;
        _client = new ApiClient(resolve());
    }

    public Uri Server => _client.Endpoint.Server;

    /// <summary>
    /// The server's URL and the authorities it is trusted by: clusters have the same addresses inside, but not the same keys.
    /// </summary>
    public string Identity => $"{Server} " + string.Join(' ', (_client.Endpoint.Authorities ?? [])
        .Select(static authority => authority.GetCertHashString(HashAlgorithmName.SHA256)).Order(StringComparer.Ordinal));

    /// <summary>The response to GET, its body yet to be read; one that is no success becomes an exception.</summary>
    /// <param name="pathAndQuery">Begins with a slash.</param>
    /// <exception cref="ApiException">There is no response, or it says no.</exception>
    public async Task<HttpResponseMessage> GetAsync(string pathAndQuery, CancellationToken cancellationToken)
    {
        long start = _time.GetTimestamp();
        ApiClient client = _client;
        HttpResponseMessage? response = null;
        try
        {
            using CancellationTokenSource late = new(ResponseTime, _time);
            using CancellationTokenSource either =
                CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
            using HttpRequestMessage request = await client.CreateRequestAsync(pathAndQuery, either.Token);
            response = await client.SendAsync(request, either.Token);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && IsFailure(e))
        {
            if (e is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError })
            {
                ResolveAgain(client);
            }

            throw new ApiException(null, Describe(e));
        }
        finally
        {
            string host = client.Endpoint.Server.Authority;
            bool isWatch = pathAndQuery.Contains("watch=", StringComparison.Ordinal);
            _observer?.RequestFinished("GET", host, (int?)response?.StatusCode, isWatch ? null : _time.GetElapsedTime(start));
        }

        return response.StatusCode is HttpStatusCode.OK ? response
            : throw await ReadErrorAsync(client, response, cancellationToken);
    }

    public void Dispose() => _client.Dispose();

    // An exec plugin may fail in any way; what it throws says so.
    private static bool IsFailure(Exception e) =>
        e is HttpRequestException or OperationCanceledException or IOException or UnauthorizedAccessException
            or k8s.Exceptions.KubeConfigException or InvalidOperationException or System.ComponentModel.Win32Exception;

    private static string Describe(Exception e)
    {
        if (e is OperationCanceledException)
        {
            return $"no response within {ResponseTime.TotalSeconds} s";
        }

        string message = e.InnerException is { } inner ? $"{e.Message} ({inner.Message})" : e.Message;
        return message.ReplaceLineEndings(" ");
    }

    private void ResolveAgain(ApiClient failed)
    {
        lock (_resolving)
        {
            if (_client != failed || (_resolvedAt != 0 && _time.GetElapsedTime(_resolvedAt) < ResolveInterval))
            {
                return;
            }

            _resolvedAt = _time.GetTimestamp();
            try
            {
                _client = new ApiClient(_resolve());
            }
            catch (SourceConfigurationException)
            {
                // Half replaced: what we have may yet do.
                return;
            }

            // Watches that run over it end here and go on over the new one.
            failed.Dispose();
        }
    }

    private async Task<ApiException> ReadErrorAsync(
        ApiClient client, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using (response)
        {
            if (response.StatusCode is HttpStatusCode.Unauthorized)
            {
                if (client.Endpoint.Credentials is TokenFile token)
                {
                    token.Forget();
                }
                else
                {
                    ResolveAgain(client);
                }
            }

            int code = (int)response.StatusCode;
            string message = $"{code} {response.ReasonPhrase}";
            try
            {
                byte[] body = new byte[LargestErrorBody];
                using CancellationTokenSource late = new(ResponseTime, _time);
                using CancellationTokenSource either =
                    CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
                Stream stream = await response.Content.ReadAsStreamAsync(either.Token);
                int length = await stream.ReadAtLeastAsync(body, body.Length, false, either.Token);
                if (StatusJson.TryParse(body.AsSpan(0, length), out StatusJson status))
                {
                    message = $"{code} {status.Reason}: {status.Message}";
                }
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested
                && e is HttpRequestException or IOException or OperationCanceledException)
            {
                // The code alone has to do.
            }

            return new ApiException(response.StatusCode, message) { RetryAfter = response.Headers.RetryAfter?.Delta };
        }
    }
}
