using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;
using ClusterDns.Kubernetes.Sources.Json;

namespace ClusterDns.Kubernetes.Sources.Api;

/// <summary>Sends requests to one API server over connections that notice when the other side is gone.</summary>
internal sealed class ApiConnection : IDisposable
{
    private const int LargestErrorBody = 16 * 1024;

    /// <summary>Time to the head of a response, connecting included.</summary>
    private static readonly TimeSpan ResponseTime = TimeSpan.FromSeconds(30);

    private static readonly string UserAgent =
        $"ClusterDns/{typeof(ApiConnection).Assembly.GetName().Version?.ToString(3)} ({Platform()})";

    private readonly ApiEndpoint _endpoint;
    private readonly TimeProvider _time;
    private readonly IApiObserver? _observer;
    private readonly HttpMessageInvoker _http;

    public ApiConnection(ApiEndpoint endpoint, TimeProvider time, IApiObserver? observer)
    {
        _endpoint = endpoint;
        _time = time;
        _observer = observer;
        _http = new HttpMessageInvoker(CreateHandler(endpoint));
    }

    public Uri Server => _endpoint.Server;

    /// <summary>Host and port, as metrics call the server.</summary>
    private string Host => _endpoint.Server.Authority;

    /// <summary>The response to GET, its body yet to be read; one that is no success becomes an exception.</summary>
    /// <param name="pathAndQuery">Begins with a slash.</param>
    /// <exception cref="ApiException">There is no response, or it says no.</exception>
    public async Task<HttpResponseMessage> GetAsync(string pathAndQuery, CancellationToken cancellationToken)
    {
        long start = _time.GetTimestamp();
        HttpResponseMessage? response = null;
        try
        {
            using CancellationTokenSource late = new(ResponseTime, _time);
            using CancellationTokenSource either =
                CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
            using HttpRequestMessage request = await CreateRequestAsync(pathAndQuery, either.Token);
            response = await _http.SendAsync(request, either.Token);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && IsFailure(e))
        {
            throw new ApiException(null, e is OperationCanceledException
                ? $"no response within {ResponseTime.TotalSeconds} s"
                : (e.InnerException is { } inner ? $"{e.Message} ({inner.Message})" : e.Message).ReplaceLineEndings(" "));
        }
        finally
        {
            _observer?.RequestFinished("GET", Host, (int?)response?.StatusCode, _time.GetElapsedTime(start));
        }

        return response.StatusCode is HttpStatusCode.OK ? response : throw await ReadErrorAsync(response, cancellationToken);
    }

    public void Dispose()
    {
        _http.Dispose();
        _endpoint.ClientCertificate?.Dispose();
    }

    // An exec plugin may fail in any way; what it throws says so.
    private static bool IsFailure(Exception e) =>
        e is HttpRequestException or OperationCanceledException or IOException or UnauthorizedAccessException
            or k8s.Exceptions.KubeConfigException or InvalidOperationException or System.ComponentModel.Win32Exception;

    private static SocketsHttpHandler CreateHandler(ApiEndpoint endpoint)
    {
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.GZip,
            ConnectCallback = ConnectAsync,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
            UseCookies = false,
        };
        SslClientAuthenticationOptions tls = handler.SslOptions;
        tls.TargetHost = endpoint.TlsServerName;
        if (endpoint.SkipTlsVerify)
        {
#pragma warning disable CA5359 // The operator wrote insecure-skip-tls-verify.
            tls.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (endpoint.Authorities is { } authorities)
        {
            // A policy replaces the trust anchors and leaves the check of the name to the handshake.
            X509ChainPolicy policy = new()
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.AddRange(authorities);
            tls.CertificateChainPolicy = policy;
        }

        if (endpoint.ClientCertificate is { } certificate)
        {
            tls.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        }

        return handler;
    }

    private static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // A watch is silent for minutes: only the kernel can tell a quiet server from one that is gone.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 30);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static string Platform() => (OperatingSystem.IsLinux() ? "linux" : OperatingSystem.IsWindows() ? "windows"
        : OperatingSystem.IsMacOS() ? "darwin" : "other")
        + "/" + RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => "amd64",
            Architecture.Arm64 => "arm64",
            var other => other.ToString(),
        };

    private async Task<HttpRequestMessage> CreateRequestAsync(string pathAndQuery, CancellationToken cancellationToken)
    {
        string root = _endpoint.Server.AbsolutePath.TrimEnd('/');
        HttpRequestMessage request = new(HttpMethod.Get, new Uri(_endpoint.Server, root + pathAndQuery))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        if (_endpoint.Credentials is { } credentials)
        {
            request.Headers.Authorization = await credentials.GetAuthenticationHeaderAsync(cancellationToken);
        }

        return request;
    }

    private async Task<ApiException> ReadErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using (response)
        {
            if (response.StatusCode is HttpStatusCode.Unauthorized)
            {
                (_endpoint.Credentials as TokenFile)?.Forget();
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
