using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Text.Json;
using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Sources.Api;
using ClusterDns.Kubernetes.Sources.Json;

namespace ClusterDns.Kubernetes.Sync;

/// <summary>
/// Keeps a store like one collection of the API server: lists it, watches it from there on, and recovers by itself from
/// everything that ends a watch. What the store holds stays until a complete list says otherwise.
/// </summary>
internal sealed class Reflector<T>(
    ReflectorContext context, Resource<T> resource, ObjectStore<T> store, CollectionStatus status, Action synced)
    where T : ClusterObject
{
    private const int PageSize = 500;
    private const int ShortestWatch = 300; // seconds; the longest is twice that, as for client-go
    private const int BufferSize = 64 * 1024;

    /// <summary>
    /// A server that says nothing for so long before its list is complete does not know how to stream one.
    /// </summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(3);

    /// <summary>A watch that lasted so long was a good one: the next may follow at once.</summary>
    private static readonly TimeSpan GoodWatch = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private readonly TextPool _pool = new();
    private readonly Backoff _backoff = new(context.Time, context.Random);
    private readonly ReflectorHealth _health = new($"{resource.Plural} from {context.Connection.Server}", context.Log);
    private volatile CancellationTokenSource? _watch; // ends the watch in progress
    private bool _streamed = true;
    private bool _synced;
    private bool _anew; // the watch was ended for a list
    private bool _moved; // the present request has brought something after the list
    private string? _version; // null until a list is complete, and when the server has forgotten ours

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            long start = context.Time.GetTimestamp();
            TimeSpan? retryAfter = null;
            WatchEnd end;
            _moved = false;
            try
            {
                end = _version is not null ? await WatchAsync(initial: false, cancellationToken)
                    : _streamed ? await WatchAsync(initial: true, cancellationToken)
                    : await ListAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (ApiException e)
            {
                retryAfter = e.RetryAfter;
                end = EndFor(e);
            }
            catch (OperationCanceledException) when (Interlocked.Exchange(ref _anew, false))
            {
                end = WatchEnd.Expired;
            }
            catch (OperationCanceledException)
            {
                end = _health.Fail("the server let a watch outlive its time");
            }
            catch (Exception e) when (e is IOException or HttpRequestException or JsonException or InvalidDataException)
            {
                end = _health.Fail(e.Message);
            }

            if (end is WatchEnd.Failed)
            {
                status.MarkFailed();
            }

            await BetweenAsync(end, context.Time.GetElapsedTime(start), retryAfter, cancellationToken);
        }
    }

    /// <summary>Ends the watch in progress for a new list; without one a list is under way already. Called by anybody.</summary>
    public void ListAnew()
    {
        if (_watch is { } watch)
        {
            Volatile.Write(ref _anew, true);
            try
            {
                watch.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It has ended meanwhile; the next audit finds what is still wrong.
                Volatile.Write(ref _anew, false);
            }
        }
    }

    private async Task BetweenAsync(
        WatchEnd end, TimeSpan lasted, TimeSpan? retryAfter, CancellationToken cancellationToken)
    {
        if (end is WatchEnd.NotStreamed or WatchEnd.Listed)
        {
            _streamed &= end is not WatchEnd.NotStreamed;
            return;
        }

        if (end is WatchEnd.Expired)
        {
            _version = null;
        }

        if (_moved || (end is WatchEnd.Ended or WatchEnd.Expired && lasted >= GoodWatch))
        {
            _backoff.Reset();
            if (end is WatchEnd.Ended)
            {
                return;
            }
        }

        try
        {
            await _backoff.WaitAsync(retryAfter, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The loop sees it.
        }
    }

    /// <summary>Lists in pages, each item going into the store as it arrives.</summary>
    private async Task<WatchEnd> ListAsync(CancellationToken cancellationToken)
    {
        store.BeginReplace();
        string parameters = $"limit={PageSize}";
        while (true)
        {
            using HttpResponseMessage response =
                await context.Connection.GetAsync(resource.Url(parameters), cancellationToken);
            PipeReader body = await OpenAsync(response, cancellationToken);
            ListMetadata page = await ListReader.ReadAsync(body, resource.Read, _pool, Put, cancellationToken);
            await body.CompleteAsync();
            if (page.Continue is null)
            {
                Complete(page.ResourceVersion);
                return WatchEnd.Listed;
            }

            parameters = $"limit={PageSize}&continue={Uri.EscapeDataString(page.Continue)}";
        }
    }

    /// <param name="initial">Ask for the list as the first events, then go on watching.</param>
    private async Task<WatchEnd> WatchAsync(bool initial, CancellationToken cancellationToken)
    {
        int seconds = ShortestWatch + (int)(ShortestWatch * context.Random());
        using CancellationTokenSource overdue = new(TimeSpan.FromSeconds(seconds) + Grace, context.Time);
        using CancellationTokenSource ending =
            CancellationTokenSource.CreateLinkedTokenSource(overdue.Token, cancellationToken);
        using HttpResponseMessage response =
            await context.Connection.GetAsync(resource.Url(WatchParameters(initial, seconds)), ending.Token);
        PipeReader body = await OpenAsync(response, ending.Token);
        _watch = ending;
        try
        {
            WatchLines lines = new(body);
            if (initial)
            {
                store.BeginReplace();
                if (await ReadInitialAsync(lines, ending.Token) is { } early)
                {
                    return early;
                }
            }

            while (await lines.NextAsync(ending.Token) is { } line)
            {
                if (Handle(line, out WatchEvent<T> change) is { } end)
                {
                    return end;
                }

                Apply(change);
                _version = change.ResourceVersion is { Length: > 0 } version ? version : _version;
                status.Reach(_version ?? "", context.Time.GetUtcNow());
                _moved = true;
                _health.Recover();
            }

            return WatchEnd.Ended;
        }
        finally
        {
            _watch = null;
            await body.CompleteAsync();
        }
    }

    /// <summary>Reads up to the bookmark that closes the list; null once it is complete.</summary>
    private async Task<WatchEnd?> ReadInitialAsync(WatchLines lines, CancellationToken cancellationToken)
    {
        while (true)
        {
            using CancellationTokenSource silence = new(Silence, context.Time);
            using CancellationTokenSource either =
                CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
            ReadOnlySequence<byte>? line;
            try
            {
                line = await lines.NextAsync(either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return WatchEnd.NotStreamed;
            }

            if (line is null)
            {
                return _health.Fail("the stream ended before the list was complete");
            }

            if (Handle(line.Value, out WatchEvent<T> change) is { } end)
            {
                return end;
            }

            if (change.InitialEventsEnd)
            {
                Complete(change.ResourceVersion ?? "");
                return null;
            }

            if (change.Type is WatchEventType.Bookmark)
            {
                // A plain watch: the server ignored what it did not know.
                return WatchEnd.NotStreamed;
            }

            Apply(change);
        }
    }

    /// <summary>Null unless the line ends the watch.</summary>
    private WatchEnd? Handle(in ReadOnlySequence<byte> line, out WatchEvent<T> change)
    {
        if (!WatchEventJson.TryRead(line, resource.Read, _pool, out change, out string error))
        {
            // What the line would have changed is unknown: only a list can tell.
            _health.Fail(error);
            return WatchEnd.Expired;
        }

        if (change.Type is not WatchEventType.Error)
        {
            return null;
        }

        StatusJson status = change.Status;
        return status.Code is (int)HttpStatusCode.Gone || status.Reason is "Expired" or "Gone"
            ? WatchEnd.Expired
            : _health.Refuse($"{status.Code} {status.Reason}: {status.Message}");
    }

    private void Apply(in WatchEvent<T> change)
    {
        // Only bookmarks and errors come without an object.
        switch (change.Type)
        {
            case WatchEventType.Added or WatchEventType.Modified:
                Put(change.Object!);
                break;
            case WatchEventType.Deleted:
                store.Delete(change.Object!.Key);
                break;
        }
    }

    private void Put(T item)
    {
        store.Put(item);
        if (!_synced)
        {
            context.Growth.Added();
        }
    }

    private void Complete(string version)
    {
        store.EndReplace();
        _version = version;
        status.Reach(version, context.Time.GetUtcNow());
        _health.Recover();
        if (!_synced)
        {
            _synced = true;
            synced();
        }
    }

    private WatchEnd EndFor(ApiException e)
    {
        if (e.Code is HttpStatusCode.Gone)
        {
            return WatchEnd.Expired;
        }

        if (e.Code is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity && _version is null && _streamed)
        {
            return WatchEnd.NotStreamed;
        }

        return e.Code is null ? _health.Fail(e.Message) : _health.Refuse(e.Message);
    }

    private string WatchParameters(bool initial, int seconds) => "watch=true&allowWatchBookmarks=true"
        + string.Create(CultureInfo.InvariantCulture, $"&timeoutSeconds={seconds}")
        + (initial
            ? "&sendInitialEvents=true&resourceVersionMatch=NotOlderThan"
            : $"&resourceVersion={Uri.EscapeDataString(_version ?? "")}");

    private static async Task<PipeReader> OpenAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
        return PipeReader.Create(body, new StreamPipeReaderOptions(bufferSize: BufferSize));
    }
}
