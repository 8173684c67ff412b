using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ClusterDns.Plugins.Backends;

/// <summary>A bearer token that is asked for when it is needed and again shortly before it ends.</summary>
/// <param name="request">Asks for one: its text, and how long it lasts.</param>
internal sealed class BackendToken(Func<CancellationToken, Task<(string Text, TimeSpan Lasts)>> request, TimeProvider time) : IDisposable
{
    // Time that clocks may differ by, and that a request may take.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private string? _text;
    private DateTimeOffset _end;

    /// <summary>What the provider answers to who has the token. Where it does not take it the next one will be new.</summary>
    /// <param name="provider">Its name, for what is said of failures.</param>
    /// <exception cref="BackendException">It answered something else than <typeparamref name="T"/>.</exception>
    public async Task<T> AskAsync<T>(HttpClient http, Uri address, JsonTypeInfo<T> form, string provider, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + await GetAsync(cancel));
        using var response = await http.SendAsync(request, cancel);
        var body = await response.Content.ReadAsByteArrayAsync(cancel);
        if (response.StatusCode is HttpStatusCode.Unauthorized)
        {
            _text = null;
        }

        if (!response.IsSuccessStatusCode)
        {
            throw new BackendException($"{provider} answered {(int)response.StatusCode}: {BackendHttp.Excerpt(Encoding.UTF8.GetString(body))}");
        }

        return JsonSerializer.Deserialize(body, form) ?? throw new BackendException($"{provider} answered null");
    }

    public void Dispose() => _gate.Dispose();

    private async Task<string> GetAsync(CancellationToken cancel)
    {
        await _gate.WaitAsync(cancel);
        try
        {
            if (_text is not { } text || time.GetUtcNow() >= _end)
            {
                (text, var lasts) = await request(cancel);
                _text = text;
                _end = time.GetUtcNow() + lasts - Margin;
            }

            return text;
        }
        finally
        {
            _gate.Release();
        }
    }
}
