using System.Globalization;
using ClusterDns.Testing.ApiServer;

namespace ClusterDns.Testing.Simulation;

/// <summary>An API server in memory: objects, everything that ever happened to them, and the watches to tell.</summary>
internal sealed class SimulatedApi(TimeProvider time, InitialEvents initialEvents)
{
    private const int PageSize = 3;

    private readonly SortedDictionary<string, SimulatedObject> _objects = new(StringComparer.Ordinal);
    private readonly List<SimulatedObject> _changes = [];
    private readonly List<SimulatedWatch> _watches = [];
    private long _compacted;

    public long Version { get; private set; } = 1000;

    public InitialEvents InitialEvents => initialEvents;

    /// <summary>Watches are not told of changes while this is set: a server that is broken and does not know it.</summary>
    public bool LosesEvents { get; set; }

    public IReadOnlyList<SimulatedWatch> Watches => _watches;

    /// <summary>Everything that ever happened, oldest first.</summary>
    public IReadOnlyList<SimulatedObject> Changes => _changes;

    public void Put(string plural, string key, ObjectShape shape, Func<long, string> json)
    {
        Version++;
        var before = _objects.GetValueOrDefault($"{plural}/{key}");
        var after = new SimulatedObject(plural, key, Version, time.GetUtcNow(), shape, json(Version));
        _objects[$"{plural}/{key}"] = after;
        _changes.Add(after);
        Tell(plural, before is null ? "ADDED" : "MODIFIED", after.Json!);
    }

    public void Delete(string plural, string key)
    {
        if (!_objects.Remove($"{plural}/{key}", out var before))
        {
            return;
        }

        Version++;
        _changes.Add(new SimulatedObject(plural, key, Version, time.GetUtcNow(), ObjectShape.Absent, null));
        Tell(plural, "DELETED", Renumber(before, Version));
    }

    public bool Has(string plural, string key) => _objects.ContainsKey($"{plural}/{key}");

    /// <summary>Forgets all changes up to now: whoever is behind must list.</summary>
    public void Compact() => _compacted = Version;

    public void SendBookmarks()
    {
        foreach (var watch in _watches.Where(static watch => !watch.IsSilent).ToArray())
        {
            watch.Stream.Write(Bookmark(watch.Plural, initialEnd: false));
        }
    }

    /// <summary>A page of a list; null where the token has expired.</summary>
    public string? List(string plural, string token)
    {
        // "VERSION|KEY": a page is of the version that the first one was of, and begins behind that key.
        var parts = token.Split('|');
        var (version, from) = token.Length == 0 ? (Version, "") : (long.Parse(parts[0], CultureInfo.InvariantCulture), parts[1]);
        if (version < _compacted)
        {
            return null;
        }

        SimulatedObject[] rest = [.. StateAt(plural, version).Where(item => string.CompareOrdinal(item.Key, from) > 0)];
        var page = rest.Take(PageSize).ToArray();
        var more = rest.Length > PageSize ? $",\"continue\":\"{version}|{page[^1].Key}\"" : "";
        return $"{{\"metadata\":{{\"resourceVersion\":\"{version}\"{more}}},\"items\":[{string.Join(',', page.Select(static item => item.Json))}]}}";
    }

    /// <param name="from">Null: begin with what exists.</param>
    public SimulatedStream Watch(string plural, long? from, bool closesInitial, int replica)
    {
        SimulatedWatch? watch = null;
        var stream = new SimulatedStream(_ => _watches.Remove(watch!));
        watch = new SimulatedWatch(plural, stream, replica);
        if (from is { } version && version < _compacted)
        {
            stream.Write($"{{\"type\":\"ERROR\",\"object\":{ApiStatus.WatchExpired(version, _compacted)}}}\n");
            stream.End();
            return stream;
        }

        if (from is null)
        {
            foreach (var item in _objects.Values.Where(item => item.Plural == plural))
            {
                stream.Write(Event("ADDED", item.Json!));
            }

            if (closesInitial)
            {
                stream.Write(Bookmark(plural, initialEnd: true));
            }
        }
        else
        {
            foreach (var change in _changes.Where(change => change.Plural == plural && change.Version > from))
            {
                // Whether it was there before makes no difference to who reads.
                stream.Write(change.Json is { } json ? Event("MODIFIED", json) : Event("DELETED", Renumber(Before(change), change.Version)));
            }
        }

        _watches.Add(watch);
        return stream;
    }

    private static string Event(string type, string json) => $"{{\"type\":\"{type}\",\"object\":{json}}}\n";

    private static string Renumber(SimulatedObject item, long version) =>
        item.Json!.Replace($"\"resourceVersion\":\"{item.Version}\"", $"\"resourceVersion\":\"{version}\"", StringComparison.Ordinal);

    private SimulatedObject Before(SimulatedObject end) => _changes.Last(
        change => change.Plural == end.Plural && change.Key == end.Key && change.Version < end.Version && change.Json is not null);

    private IEnumerable<SimulatedObject> StateAt(string plural, long version) => _changes
        .Where(change => change.Plural == plural && change.Version <= version)
        .GroupBy(static change => change.Key)
        .Select(static versions => versions.Last())
        .Where(static item => item.Json is not null)
        .OrderBy(static item => item.Key, StringComparer.Ordinal);

    private void Tell(string plural, string type, string json)
    {
        foreach (var watch in _watches.Where(watch => watch.Plural == plural && !watch.IsSilent && !LosesEvents).ToArray())
        {
            watch.Stream.Write(Event(type, json));
        }
    }

    private string Bookmark(string plural, bool initialEnd)
    {
        var kind = ApiResource.All.First(resource => resource.Plural == plural);
        var end = initialEnd ? ",\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}" : "";
        return Event("BOOKMARK", $"{{\"kind\":\"{kind.Kind}\",\"apiVersion\":\"{kind.ApiVersion}\",\"metadata\":{{\"resourceVersion\":\"{Version}\"{end}}}}}");
    }
}
