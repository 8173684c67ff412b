using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Plugins.Hosts;

/// <summary>Holds the current table and reads the file anew when its time or size changed.</summary>
internal sealed partial class HostsFile
{
    private readonly string _path;
    private readonly HostsOptions _options;
    private readonly ILogger _logger;
    private readonly Gauge _entries;
    private readonly Gauge _reloaded;
    private (DateTime Time, long Size) _seen;
    private bool _toldMissing;
    private volatile HostsTable _table;

    public HostsFile(HostsOptions options, BlockContext block)
    {
        _options = options;
        _path = block.ResolvePath(options.File);
        _logger = block.Services.LoggerFor(HostsPlugin.Name);
        var metrics = block.Services.Metrics;
        _entries = metrics.Gauge("coredns_hosts_entries", "The combined number of entries in hosts and Corefile.", "hostsfile").With(_path);
        _reloaded = metrics
            .Gauge("coredns_hosts_reload_timestamp_seconds", "The timestamp of the last reload of hosts file.").With();
        _table = Build([]);
        Load();
        if (options.Reload > TimeSpan.Zero)
        {
            ITimer? timer = null;
            block.OnStartup(_ =>
            {
                timer = block.Services.Time.CreateTimer(_ => Load(), null, options.Reload, options.Reload);
                return ValueTask.CompletedTask;
            });
            block.OnShutdown(() => timer?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    public HostsTable Table => _table;

    private HostsTable Build(IEnumerable<HostsLine> lines) =>
        HostsTable.Build(lines.Concat(_options.Inline), _options.Zones, _options.HasReverse, _options.Ttl);

    // A file that is gone leaves what was read in place: half of an edit is a file that is not there.
    private void Load()
    {
        try
        {
            var file = new FileInfo(_path);
            if (!file.Exists)
            {
                TellMissing();
                return;
            }

            var seen = (file.LastWriteTimeUtc, file.Length);
            if (seen == _seen)
            {
                return;
            }

            _table = Build(HostsLine.ReadAll(File.ReadAllText(_path)));
            _seen = seen;
            _toldMissing = false;
            _entries.Set(_table.Count);
            _reloaded.Set(new DateTimeOffset(file.LastWriteTimeUtc).ToUnixTimeMilliseconds() / 1000.0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            TellMissing();
        }
    }

    private void TellMissing()
    {
        if (!_toldMissing)
        {
            _toldMissing = true;
            LogMissing(_path);
        }
    }

    [LoggerMessage(1510, LogLevel.Warning, "File does not exist: {Path}")]
    private partial void LogMissing(string path);
}
