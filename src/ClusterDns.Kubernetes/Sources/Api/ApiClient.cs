using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;

namespace ClusterDns.Kubernetes.Sources.Api;

/// <summary>The connections to one API server and what is shown over them.</summary>
internal sealed class ApiClient(ApiEndpoint endpoint) : IDisposable
{
    private static readonly string UserAgent =
        $"ClusterDns/{typeof(ApiClient).Assembly.GetName().Version?.ToString(3)} ({Platform()})";

    private readonly HttpMessageInvoker _http = new(endpoint.Handler ?? CreateHandler(endpoint));

    public ApiEndpoint Endpoint => endpoint;

    /// <summary>Returns as soon as the head of the response is there.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _http.SendAsync(request, cancellationToken);

    public async Task<HttpRequestMessage> CreateRequestAsync(string pathAndQuery, CancellationToken cancellationToken)
    {
        string root = endpoint.Server.AbsolutePath.TrimEnd('/');
        HttpRequestMessage request = new(HttpMethod.Get, new Uri(endpoint.Server, root + pathAndQuery))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        if (endpoint.Credentials is { } credentials)
        {
            request.Headers.Authorization = await credentials.GetAuthenticationHeaderAsync(cancellationToken);
        }

        return request;
    }

    public void Dispose()
    {
        _http.Dispose();
        endpoint.ClientCertificate?.Dispose();
    }

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
}
