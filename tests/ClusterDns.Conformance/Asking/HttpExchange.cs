using System.Text.Json.Nodes;
using ClusterDns.Conformance.Cases;

namespace ClusterDns.Conformance.Asking;

/// <summary>A GET of the health, readiness or metrics endpoint.</summary>
internal static class HttpExchange
{
    private const int LongestBody = 400;
    private const int StandardTimeout = 3000;

    public static async Task<JsonObject> GetAsync(ConformanceCase c, int port)
    {
        using HttpClient client = new() { Timeout = c.TimeToReply(StandardTimeout) };
        try
        {
            using HttpResponseMessage response = await client.GetAsync(new Uri($"http://127.0.0.1:{port}{c.Text("http")}"));
            string body = await response.Content.ReadAsStringAsync();
            return new JsonObject { ["status"] = (int)response.StatusCode, ["body"] = body[..Math.Min(LongestBody, body.Length)] };
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return new JsonObject { ["none"] = "URLError" };
        }
    }
}
