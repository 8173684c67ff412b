using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Plugins.ZoneFiles;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Plugins.Auto;

/// <summary>
/// The zones of one directory: looked for again and again; what came is added, what is gone is taken away, what is newer by its
/// serial replaces what was served. A file that cannot be used changes nothing.
/// </summary>
internal sealed partial class AutoZones : IZoneTransferSource, IZoneChangeSource, IChangingState
{
    private readonly AutoOptions _options;
    private readonly AutoDirectory _directory;
    private readonly ILogger _logger;
    private readonly Lock _scanning = new();

    // What was read from each path last; of the scanning alone.
    private Dictionary<string, ReadFile> _files = new(StringComparer.Ordinal);
    private volatile ZoneTable<ServedZone> _zones = new([]);
    private volatile IReadOnlyList<DnsName> _names = [];
    private long _version;
    private bool _toldUnreadable;

    public AutoZones(AutoOptions options, BlockContext block)
    {
        _options = options;
        _directory = new AutoDirectory(block.ResolvePath(options.Directory), options);
        _logger = block.Services.LoggerFor(AutoPlugin.Name);
        ITimer? timer = null;
        block.OnStartup(_ =>
        {
            Scan();
            if (options.Reload > TimeSpan.Zero)
            {
                timer = block.Services.Time.CreateTimer(_ => Scan(), null, options.Reload, options.Reload);
            }

            return ValueTask.CompletedTask;
        });
        block.OnShutdown(() => timer?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    public event Action<DnsName>? ZoneChanged;

    public long Version => Volatile.Read(ref _version);

    public IReadOnlyList<DnsName> Zones => _names;

    /// <summary>The longest zone that holds the name; null where there is none.</summary>
    public Zone? Find(NameSpan name) => _options.Zones.Contains(name) ? _zones.Find(name)?.Current : null;

    public uint? FindSerial(DnsName zone) => FindExactly(zone)?.Current?.Serial;

    public IEnumerable<ResourceRecord> ReadRecords(DnsName zone) => FindExactly(zone)?.ReadRecords() ?? [];

    public IEnumerable<ResourceRecord>? ReadChanges(DnsName zone, uint since) => FindExactly(zone)?.ReadChanges(since);

    private ServedZone? FindExactly(DnsName zone) => _zones.Find(zone.Span) is { } served && served.Origin == zone ? served : null;

    private void Scan()
    {
        // A scan that takes longer than the time between two of them is not joined by another.
        if (!_scanning.TryEnter())
        {
            return;
        }

        try
        {
            Update(_directory.Read());
            _toldUnreadable = false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (!_toldUnreadable)
            {
                _toldUnreadable = true;
                LogUnreadable(_directory.Path, exception.Message);
            }
        }
        finally
        {
            _scanning.Exit();
        }
    }

    private void Update(Dictionary<DnsName, string> found)
    {
        var before = _zones.Zones.ToDictionary(DnsNameComparer.Instance);
        var after = new Dictionary<DnsName, ServedZone>(DnsNameComparer.Instance);
        var files = new Dictionary<string, ReadFile>(StringComparer.Ordinal);
        var changed = new List<DnsName>();
        foreach (var (origin, path) in found)
        {
            var served = before.GetValueOrDefault(origin) ?? new ServedZone(origin);
            var file = ReadIfNew(path, origin, served, out var isReplaced);
            files[path] = file;
            if (served.Current is not null)
            {
                after[origin] = served;
            }

            if (isReplaced)
            {
                changed.Add(origin);
            }
        }

        _files = files;
        var isSame = after.Count == before.Count && after.Keys.All(before.ContainsKey);
        if (!isSame)
        {
            _zones = new ZoneTable<ServedZone>(after);
            _names = [.. after.Keys];
            LogChanges(before, after, found);
        }

        if (!isSame || changed.Count > 0)
        {
            Interlocked.Increment(ref _version);
        }

        changed.ForEach(origin => ZoneChanged?.Invoke(origin));
    }

    private ReadFile ReadIfNew(string path, DnsName origin, ServedZone served, out bool isReplaced)
    {
        isReplaced = false;
        var time = default(DateTime);
        try
        {
            time = ZoneFile.TimeOf(path);
            if (_files.TryGetValue(path, out var last) && last.Time == time && last.Origin == origin)
            {
                return last;
            }

            if (ZoneFile.Read(path, origin, out var error) is not { } zone)
            {
                LogBroken(error);
            }
            else if (served.Current?.Serial != zone.Serial)
            {
                if (served.Current is not null)
                {
                    LogReloaded(origin, path, zone.Serial);
                }

                served.Replace(zone);
                isReplaced = true;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogBroken($"{path}: {exception.Message}");
        }

        return new ReadFile(time, origin);
    }

    private void LogChanges(
        Dictionary<DnsName, ServedZone> before, Dictionary<DnsName, ServedZone> after, Dictionary<DnsName, string> found)
    {
        foreach (var origin in after.Keys.Where(origin => !before.ContainsKey(origin)))
        {
            LogInserted(origin, found[origin]);
        }

        foreach (var origin in before.Keys.Where(origin => !after.ContainsKey(origin)))
        {
            LogDeleted(origin);
        }
    }

    [LoggerMessage(2150, LogLevel.Warning, "Failed to read directory {Path}: {Error}")]
    private partial void LogUnreadable(string path, string error);

    [LoggerMessage(2151, LogLevel.Warning, "Failed to load zone file: {Error}")]
    private partial void LogBroken(string error);

    [LoggerMessage(2152, LogLevel.Information, "Inserting zone `{Zone}' from: {Path}")]
    private partial void LogInserted(DnsName zone, string path);

    [LoggerMessage(2153, LogLevel.Information, "Deleting zone `{Zone}'")]
    private partial void LogDeleted(DnsName zone);

    [LoggerMessage(2154, LogLevel.Information, "Successfully reloaded zone \"{Zone}\" in \"{Path}\" with {Serial} SOA serial")]
    private partial void LogReloaded(DnsName zone, string path, uint serial);

    private sealed record ReadFile(DateTime Time, DnsName Origin);
}
