using System.Text.Json;
using ClusterDns.Plugins.Backends;

namespace ClusterDns.Plugins.Nomad;

/// <summary>Asks Nomad's API for the instances of services.</summary>
internal sealed class NomadClient(NomadOptions options, TimeProvider time) : IDisposable
{
    // How long one address may take while there are others to ask.
    private static readonly TimeSpan AddressTimeout = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http = BackendHttp.Create(Timeout.InfiniteTimeSpan, options.Tls);
    private int _current;
    private volatile bool _hasAnswered;

    /// <summary>True once Nomad was reached.</summary>
    public bool HasAnswered => _hasAnswered;

    /// <summary>The instances of a service; none where there is no such service.</summary>
    /// <exception cref="HttpRequestException">No address can be reached.</exception>
    /// <exception cref="BackendException">Nomad refuses.</exception>
    /// <exception cref="OperationCanceledException">It takes too long.</exception>
    public async Task<NomadRegistration[]> FindAsync(string service, string space, CancellationToken cancel)
    {
        var filter = options.Filter is { } expression ? "&filter=" + Uri.EscapeDataString(expression) : "";
        var body = await AskAsync($"/v1/service/{Uri.EscapeDataString(service)}?namespace={Uri.EscapeDataString(space)}{filter}", cancel);
        return JsonSerializer.Deserialize(body, NomadJson.Default.NomadRegistrationArray) ?? [];
    }

    /// <summary>Pings Nomad until it answers.</summary>
    public async ValueTask ProbeAsync(CancellationToken end)
    {
        while (!_hasAnswered)
        {
            using var limit = new CancellationTokenSource(ProbeTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, end);
            try
            {
                await AskAsync("/v1/agent/self", either.Token);
            }
            catch (Exception exception) when (!end.IsCancellationRequested && BackendHttp.IsFailure(exception))
            {
                await Task.Delay(ProbeInterval, time, end);
            }
        }
    }

    public void Dispose() => _http.Dispose();

    // From the address that answered last through all others.
    private async Task<byte[]> AskAsync(string path, CancellationToken cancel)
    {
        var first = Volatile.Read(ref _current);
        for (var attempt = 0; ; attempt++)
        {
            var index = (first + attempt) % options.Addresses.Count;
            var isLast = attempt == options.Addresses.Count - 1;
            try
            {
                var body = await AskOnceAsync(new Uri(options.Addresses[index], path), isLast, cancel);
                Volatile.Write(ref _current, index);
                _hasAnswered = true;
                return body;
            }
            catch (Exception exception) when (!isLast && !cancel.IsCancellationRequested && BackendHttp.IsFailure(exception))
            {
                // Away, slow or without a leader: the next one.
            }
        }
    }

    private async Task<byte[]> AskOnceAsync(Uri address, bool isLast, CancellationToken cancel)
    {
        using var limit = isLast ? null : new CancellationTokenSource(AddressTimeout, time);
        using var either = limit is null ? null : CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (options.Token is { } token)
        {
            request.Headers.TryAddWithoutValidation("X-Nomad-Token", token);
        }

        using var response = await _http.SendAsync(request, either?.Token ?? cancel);
        var body = await response.Content.ReadAsByteArrayAsync(either?.Token ?? cancel);
        return response.IsSuccessStatusCode
            ? body
            : throw new BackendException($"Nomad answered {(int)response.StatusCode}: {BackendHttp.Excerpt(System.Text.Encoding.UTF8.GetString(body))}");
    }
}
