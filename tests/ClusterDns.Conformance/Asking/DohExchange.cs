using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using ClusterDns.Conformance.Cases;
using ClusterDns.Conformance.Comparing;

namespace ClusterDns.Conformance.Asking;

/// <summary>A query over HTTPS (RFC 8484): the reply with status, content type and cache control.</summary>
internal static class DohExchange
{
    private const string DnsMessage = "application/dns-message";
    private const int StandardTimeout = 4000;

    public static async Task<JsonObject> AskAsync(ConformanceCase c, int port, byte[] query)
    {
        // ID 0 makes equal questions equal to HTTP caches (RFC 8484 §4.1).
        byte[] body = c.Text("body") is { } hex ? Convert.FromHexString(hex) : [0, 0, .. query.AsSpan(2)];
        using HttpClient client = Client(c.TimeToReply(StandardTimeout));
        using HttpRequestMessage request = Request(c, port, body);
        try
        {
            using HttpResponseMessage response = await client.SendAsync(request);
            if (!response.IsSuccessStatusCode)
            {
                return new JsonObject { ["http"] = new JsonArray((int)response.StatusCode) };
            }

            JsonObject reply = ReplyShape.Of(c, await response.Content.ReadAsByteArrayAsync(), null, overUdp: false);
            reply["http"] = new JsonArray(
                (int)response.StatusCode, response.Content.Headers.ContentType?.ToString(), response.Headers.CacheControl?.ToString());
            return reply;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return new JsonObject { ["none"] = "URLError" };
        }
    }

    private static HttpRequestMessage Request(ConformanceCase c, int port, byte[] body)
    {
        string path = c.Text("path") ?? "/dns-query";
        bool isGet = c.Text("doh") is "GET";
        if (isGet && !c.Has("path"))
        {
            path += "?dns=" + Base64Url.EncodeToString(body);
        }

        HttpRequestMessage request = new(HttpMethod.Parse(c.Text("doh")), $"https://127.0.0.1:{port}{path}")
        {
            Version = HttpVersion.Version11,
        };
        request.Headers.TryAddWithoutValidation("Accept", c.Text("accept") ?? DnsMessage);
        if (!isGet)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(c.Text("ctype") ?? DnsMessage);
        }

        return request;
    }

    [SuppressMessage("Security", "CA5359", Justification = "The recordings' certificates are signed by nobody.")]
    private static HttpClient Client(TimeSpan timeout)
    {
        SocketsHttpHandler handler = new() { AllowAutoRedirect = false };
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        return new HttpClient(handler) { Timeout = timeout };
    }
}
