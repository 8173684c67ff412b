using System.Net;
using System.Net.Security;

namespace ClusterDns.Plugins.Backends;

/// <summary>Makes the HTTP clients that talk to backends: bounded in time and size, no redirects, no cookies.</summary>
internal static class BackendHttp
{
    /// <summary>Octets that a backend's answer may have.</summary>
    public const int MaxBody = 8 * 1024 * 1024;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    // A backend's name may come to mean another address: connections do not live for ever.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    public static HttpClient Create(TimeSpan timeout, SslClientAuthenticationOptions? tls = null, int maxConnections = 64)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = ConnectionLifetime,
            MaxConnectionsPerServer = maxConnections,
            SslOptions = tls ?? BackendTls.Create(),
        };
        return new HttpClient(handler, disposeHandler: true)
        {
            Timeout = timeout,
            MaxResponseContentBufferSize = MaxBody,
            DefaultRequestVersion = HttpVersion.Version11,
        };
    }

    /// <summary>What went wrong, on one line and cut: backends put it into their answers, and it goes to the log.</summary>
    public static string Excerpt(string body)
    {
        const int longest = 300;
        var line = body.ReplaceLineEndings(" ").Trim();
        return line.Length > longest ? line[..longest] + "…" : line;
    }

    /// <summary>True for what a request ends in when the other side is away, slow, or talks something else.</summary>
    public static bool IsFailure(Exception exception) => exception is HttpRequestException or OperationCanceledException
        or IOException or UnauthorizedAccessException or System.Text.Json.JsonException or BackendException;
}
