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

    public async Task<string> GetAsync(CancellationToken cancel)
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

    /// <summary>The provider did not take it: the next one will be new.</summary>
    public void Reject() => _text = null;

    public void Dispose() => _gate.Dispose();
}
