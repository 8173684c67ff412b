using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClusterDns.Plugins.Backends;

/// <summary>What a token endpoint answers (RFC 6749 §5.1); some write the number in quotes.</summary>
internal sealed record OAuthToken(
    [property: JsonPropertyName("access_token")] string? AccessToken,
    [property: JsonPropertyName("expires_in")] long ExpiresIn)
{
    /// <exception cref="BackendException">The endpoint refuses, or gives no token.</exception>
    public static async Task<(string Text, TimeSpan Lasts)> RequestAsync(
        HttpClient http, HttpRequestMessage request, CancellationToken cancel)
    {
        using (request)
        {
            using var response = await http.SendAsync(request, cancel);
            var body = await response.Content.ReadAsByteArrayAsync(cancel);
            if (!response.IsSuccessStatusCode)
            {
                throw new BackendException(
                    $"token endpoint answered {(int)response.StatusCode}: {BackendHttp.Excerpt(System.Text.Encoding.UTF8.GetString(body))}");
            }

            var token = JsonSerializer.Deserialize(body, BackendJson.Default.OAuthToken);
            return token?.AccessToken is { Length: > 0 } text
                ? (text, TimeSpan.FromSeconds(Math.Clamp(token.ExpiresIn, 0, 86_400)))
                : throw new BackendException("token endpoint gave no token");
        }
    }
}
