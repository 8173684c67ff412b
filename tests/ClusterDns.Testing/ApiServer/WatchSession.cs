using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace ClusterDns.Testing.ApiServer;

/// <summary>One watch in progress. Its state is touched under the lock of <see cref="ApiState"/> alone.</summary>
internal sealed class WatchSession(ApiResource resource, ApiSelector selector, bool bookmarks)
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private WatchBreak? _end;

    public ApiResource Resource => resource;

    /// <summary>Sends what the change from one version to the next means to this watch's selector.</summary>
    public void Send(ApiObject? before, ApiObject? after, ApiObject last)
    {
        bool was = before is not null && selector.Matches(before);
        bool matches = after is not null && selector.Matches(after);
        if (was || matches)
        {
            // An object that leaves the selector is deleted as far as the watch knows, with the new version's number.
            Send(matches ? was ? "MODIFIED" : "ADDED" : "DELETED", last.WatchText);
        }
    }

    public void Send(string type, string text) =>
        _lines.Writer.TryWrite($"{{\"type\":\"{type}\",\"object\":{text}}}\n");

    public void SendBookmark(long version, bool initialEnd)
    {
        if (bookmarks)
        {
            string end = initialEnd ? ",\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}" : "";
            string rest = resource.EmptyFields[1..^1];
            Send("BOOKMARK", $"{{\"kind\":\"{resource.Kind}\",\"apiVersion\":\"{resource.ApiVersion}\",\"metadata\":"
                + $"{{\"resourceVersion\":\"{version}\"{end}}}{(rest.Length > 0 ? "," : "")}{rest}}}");
        }
    }

    public void Break(WatchBreak how)
    {
        _end = how;
        switch (how)
        {
            case WatchBreak.TornLine:
                _lines.Writer.TryWrite("{\"type\":\"ADDED\",\"object\":{\"kind\":\"Service\",\"apiVer");
                break;
            case WatchBreak.Garbage:
                _lines.Writer.TryWrite("{\"type\":\"ADDED\",\"object\":{\"metadata\":[}}}\n");
                break;
            case WatchBreak.Gone:
                Send("ERROR", ApiStatus.WatchExpired(10, 369));
                break;
            case WatchBreak.InternalError:
                Send("ERROR", ApiStatus.ForCode(500, resource, "watch"));
                break;
        }

        _lines.Writer.TryComplete();
    }

    public async Task RunAsync(HttpContext http, TimeSpan? timeout)
    {
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        if (timeout is { } limit)
        {
            ending.CancelAfter(limit);
        }

        try
        {
            await http.Response.StartAsync(ending.Token);
            await http.Response.Body.FlushAsync(ending.Token);
            await foreach (string line in _lines.Reader.ReadAllAsync(ending.Token))
            {
                await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(line), ending.Token);
                await http.Response.Body.FlushAsync(ending.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Time is up or the client left: the response ends here.
        }

        if (_end is WatchBreak.Reset)
        {
            http.Abort();
        }
    }
}
