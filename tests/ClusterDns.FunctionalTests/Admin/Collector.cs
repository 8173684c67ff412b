using System.Net;
using System.Text;
using ClusterDns.Testing.Processes;

namespace ClusterDns.FunctionalTests.Admin;

/// <summary>An OpenTelemetry collector that keeps what is posted to it.</summary>
internal sealed class Collector : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly List<(string Path, string Body)> _posts = [];

    public Collector()
    {
        Address = new Uri($"http://127.0.0.1:{FreePorts.Take()}/");
        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _ = ReceiveAsync();
    }

    public Uri Address { get; }

    /// <summary>Whether a post to <paramref name="path"/> contains the octets of <paramref name="text"/>.</summary>
    public bool Received(string path, string text)
    {
        lock (_posts)
        {
            return _posts.Exists(post => post.Path == path && post.Body.Contains(text, StringComparison.Ordinal));
        }
    }

    public void Dispose() => _listener.Close();

    private async Task ReceiveAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                using StreamReader reader = new(context.Request.InputStream, Encoding.Latin1);
                string body = await reader.ReadToEndAsync();
                lock (_posts)
                {
                    _posts.Add((context.Request.Url!.AbsolutePath, body)); // A request that was received has an URL.
                }

                context.Response.Close();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
