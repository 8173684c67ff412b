using System.Text;
using System.Text.Json.Nodes;

namespace ClusterDns.Testing.ApiServer;

/// <summary>The double's etcd: objects, the changes since the last compaction, and the watches to tell.</summary>
internal sealed class ApiState
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, ApiObject> _objects = new(StringComparer.Ordinal);
    private readonly List<(ApiObject? Before, ApiObject? After, ApiObject Last)> _changes = [];
    private readonly List<WatchSession> _sessions = [];
    private readonly Dictionary<string, ApiObject[]> _pages = [];
    private long _compacted;
    private TaskCompletionSource _sessionChanged = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Version { get; private set; } = 1000;

    public void Apply(JsonObject json)
    {
        lock (_lock)
        {
            ApiResource resource = ApiResource.OfKind((string)json["kind"]!);
            long version = ++Version;
            ApiObject after = new(resource, json, version, $"00000000-0000-0000-0000-{version:D12}");
            ApiObject? before = _objects.GetValueOrDefault(StorageKey(after));
            _objects[StorageKey(after)] = after;
            Publish(before, after, after);
        }
    }

    public bool Delete(ApiResource resource, string @namespace, string name)
    {
        lock (_lock)
        {
            if (!_objects.Remove($"{resource.Plural}/{@namespace}/{name}", out ApiObject? before))
            {
                return false;
            }

            Publish(before, null, new ApiObject(resource, before.Json, ++Version, ""));
            return true;
        }
    }

    /// <summary>Forgets every change so far: watches from before now get 410.</summary>
    public void Compact()
    {
        lock (_lock)
        {
            _compacted = Version;
            _changes.Clear();
            _pages.Clear();
        }
    }

    /// <summary>The body of a list, or null where the token to continue has expired.</summary>
    public string? List(ApiResource resource, ApiSelector selector, int limit, string token)
    {
        lock (_lock)
        {
            long version = Version;
            ApiObject[] rest = [.. All(resource).Where(selector.Matches)];
            if (token.Length > 0)
            {
                if (!_pages.TryGetValue(token, out ApiObject[]? page))
                {
                    return null;
                }

                rest = page;
                version = (long)JsonNode.Parse(Convert.FromBase64String(token))!["rv"]!;
            }

            ApiObject[] items = limit > 0 && rest.Length > limit ? rest[..limit] : rest;
            JsonObject metadata = new() { ["resourceVersion"] = version.ToString() };
            if (items.Length < rest.Length)
            {
                string next = Convert.ToBase64String(Encoding.UTF8.GetBytes(
                    $"{{\"v\":\"meta.k8s.io/v1\",\"rv\":{version},\"start\":\"/{rest[items.Length].Key}\"}}"));
                _pages[next] = rest[items.Length..];
                metadata["continue"] = next;
                metadata["remainingItemCount"] = rest.Length - items.Length;
            }

            return $"{{\"kind\":\"{resource.Kind}List\",\"apiVersion\":\"{resource.ApiVersion}\",\"metadata\":"
                + $"{metadata.ToJsonString()},\"items\":[{string.Join(',', items.Select(item => item.ItemText))}]}}";
        }
    }

    /// <param name="from">Version to go on from; null to begin with what exists.</param>
    /// <param name="closeInitial">Send the bookmark that ends the initial events.</param>
    public WatchSession Watch(ApiResource resource, ApiSelector selector, long? from, bool closeInitial, bool bookmarks)
    {
        lock (_lock)
        {
            WatchSession session = new(resource, selector, bookmarks);
            if (from is null)
            {
                foreach (ApiObject item in All(resource).Where(selector.Matches))
                {
                    session.Send("ADDED", item.WatchText);
                }

                if (closeInitial)
                {
                    session.SendBookmark(Version, initialEnd: true);
                }
            }
            else if (from < _compacted)
            {
                session.Send("ERROR", ApiStatus.WatchExpired(from.Value, _compacted));
                session.Break(WatchBreak.EndOfStream);
                return session;
            }
            else
            {
                foreach ((ApiObject? before, ApiObject? after, ApiObject last) in _changes)
                {
                    if (last.Version > from && last.Resource == resource)
                    {
                        session.Send(before, after, last);
                    }
                }
            }

            _sessions.Add(session);
            SignalSessions();
            return session;
        }
    }

    public void Remove(WatchSession session)
    {
        lock (_lock)
        {
            _sessions.Remove(session);
            SignalSessions();
        }
    }

    public void SendBookmarks()
    {
        lock (_lock)
        {
            _sessions.ForEach(session => session.SendBookmark(Version, initialEnd: false));
        }
    }

    public void BreakWatches(WatchBreak how, string? plural)
    {
        lock (_lock)
        {
            foreach (WatchSession session in _sessions.FindAll(
                item => plural is null || item.Resource.Plural == plural))
            {
                session.Break(how);
                _sessions.Remove(session);
            }

            SignalSessions();
        }
    }

    public async Task WaitForWatchesAsync(string plural, int count, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_sessions.Count(session => session.Resource.Plural == plural) == count)
                {
                    return;
                }

                changed = _sessionChanged.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private static string StorageKey(ApiObject item) => $"{item.Resource.Plural}/{item.Key}";

    private IEnumerable<ApiObject> All(ApiResource resource) =>
        _objects.Values.Where(item => item.Resource == resource);

    private void Publish(ApiObject? before, ApiObject? after, ApiObject last)
    {
        _changes.Add((before, after, last));
        foreach (WatchSession session in _sessions.Where(session => session.Resource == last.Resource))
        {
            session.Send(before, after, last);
        }
    }

    private void SignalSessions()
    {
        _sessionChanged.TrySetResult();
        _sessionChanged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
