using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Plugins.ZoneFiles;

/// <summary>The zones of one <c>file</c> directive, read and kept up to date.</summary>
internal sealed partial class FileZones : IZoneTransferSource, IZoneChangeSource, IChangingState
{
    private readonly FileOptions _options;
    private readonly string _path;
    private readonly ILogger _logger;
    private readonly Dictionary<DnsName, ServedZone> _zones = new(DnsNameComparer.Instance);
    private readonly Lock _loading = new();
    private DateTime _time;
    private long _version;
    private bool _toldMissing;

    /// <exception cref="CorefileException">The file is no zone; or it is missing and will not be looked at again.</exception>
    public FileZones(FileOptions options, BlockContext block)
    {
        _options = options;
        _path = block.ResolvePath(options.Source.Text);
        _logger = block.Services.LoggerFor(FilePlugin.Name);
        foreach (var origin in options.Zones.Zones)
        {
            _zones[origin] = new ServedZone(origin);
        }

        if (Load() is { Length: > 0 } error)
        {
            throw new CorefileException(options.Source.File, options.Source.Line, $"plugin/file: {error}");
        }

        if (options.Reload > TimeSpan.Zero)
        {
            ITimer? timer = null;
            block.OnStartup(_ =>
            {
                timer = block.Services.Time.CreateTimer(_ => Reload(), null, options.Reload, options.Reload);
                return ValueTask.CompletedTask;
            });
            block.OnShutdown(() => timer?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    public event Action<DnsName>? ZoneChanged;

    public long Version => Volatile.Read(ref _version);

    public IReadOnlyList<DnsName> Zones => _options.Zones.Zones;

    /// <summary>The data of the longest zone that holds the name; null where there is none yet.</summary>
    public Zone? Find(NameSpan name) => _options.Zones.Find(name) is { } origin ? Find(origin) : null;

    public uint? FindSerial(DnsName zone) => Find(zone)?.Serial;

    public IEnumerable<ResourceRecord> ReadRecords(DnsName zone) =>
        _zones.TryGetValue(zone, out var served) ? served.ReadRecords() : [];

    public IEnumerable<ResourceRecord>? ReadChanges(DnsName zone, uint since) =>
        _zones.TryGetValue(zone, out var served) ? served.ReadChanges(since) : null;

    private Zone? Find(DnsName origin) => _zones.TryGetValue(origin, out var served) ? served.Current : null;

    /// <summary>Looks at the file at once if it is this one: it has just been written.</summary>
    public void Reload(string path)
    {
        if (Path.GetFullPath(path) == Path.GetFullPath(_path))
        {
            Reload();
        }
    }

    // By the timer and by whoever writes the file: one after the other.
    private void Reload()
    {
        lock (_loading)
        {
            if (Load() is { Length: > 0 } error)
            {
                LogNotReloaded(error);
            }
        }
    }

    // What is wrong; "" where nothing is, or where the file may still come.
    private string Load()
    {
        try
        {
            if (!File.Exists(_path))
            {
                return TellMissing();
            }

            var time = ZoneFile.TimeOf(_path);

            foreach (var (origin, served) in _zones)
            {
                // What has not been written to has no new serial either.
                if (served.Current is not null && time == _time)
                {
                    continue;
                }

                if (ZoneFile.Read(_path, origin, out var error) is not { } zone)
                {
                    return error;
                }

                if (_options.ByTime || served.Current?.Serial != zone.Serial)
                {
                    var isNew = served.Current is null;
                    served.Replace(zone);
                    Interlocked.Increment(ref _version);
                    ZoneChanged?.Invoke(origin);
                    if (!isNew)
                    {
                        LogReloaded(origin, _path, zone.Serial);
                    }
                }
            }

            _time = time;
            return "";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"{_path}: {exception.Message}";
        }
    }

    private string TellMissing()
    {
        if (_options.Reload == TimeSpan.Zero)
        {
            return $"{_path}: found no such file, expected a zone file";
        }

        if (!_toldMissing)
        {
            _toldMissing = true;
            LogMissing(_path);
        }

        return "";
    }

    [LoggerMessage(1600, LogLevel.Warning, "Failed to open {Path}, trying again until it is there")]
    private partial void LogMissing(string path);

    [LoggerMessage(1601, LogLevel.Information, "Successfully reloaded zone \"{Zone}\" in \"{Path}\" with {Serial} SOA serial")]
    private partial void LogReloaded(DnsName zone, string path, uint serial);

    [LoggerMessage(1602, LogLevel.Warning, "Failed to reload: {Error}")]
    private partial void LogNotReloaded(string error);
}
