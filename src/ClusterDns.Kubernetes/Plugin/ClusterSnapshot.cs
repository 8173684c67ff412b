using ClusterDns.Core.Corefile;
using ClusterDns.Core.Telemetry;
using ClusterDns.Kubernetes.Snapshots;
using ClusterDns.Kubernetes.Sources;

namespace ClusterDns.Kubernetes.Plugin;

/// <summary>Keeps what is known of the cluster on disk, and answers from that where the API server is away at the start.</summary>
internal sealed class ClusterSnapshot
{
    // Writing takes at most this share of the time.
    private const int Pause = 20;

    // Data that do not change are confirmed on disk so often, for their age to be true.
    private static readonly TimeSpan Refresh = TimeSpan.FromMinutes(5);

    private readonly SnapshotOptions _options;
    private readonly KubernetesState _state;
    private readonly KubernetesLog _log;
    private readonly TimeProvider _time;
    private readonly Counter _written;
    private readonly Counter _failed;
    private readonly Gauge _size;
    private readonly Lock _gate = new();
    private byte[] _identity = [];
    private long _savedVersion = -1;
    private DateTimeOffset _savedAsOf;
    private bool _failing;

    public ClusterSnapshot(SnapshotOptions options, KubernetesState state, KubernetesLog log)
    {
        _options = options;
        _state = state;
        _log = log;
        _time = state.Services.Time;
        var metrics = state.Services.Metrics;
        var writes = metrics.Counter("clusterdns_kubernetes_snapshot_writes_total", "Writes of the snapshot.", "result");
        _written = writes.With("written");
        _failed = writes.With("failed");
        _size = metrics.Gauge("clusterdns_kubernetes_snapshot_size_bytes", "Octets of the snapshot written last.").With();
    }

    private SnapshotContent Content => new(_state.Records, _state.Imports);

    /// <summary>Gives the objects of the file to the target where it is this cluster's, whole and not too old.</summary>
    /// <param name="cluster">What the API server is known by.</param>
    public void Restore(string cluster, IRestoreTarget target)
    {
        _identity = SnapshotIdentity.Compute(cluster, _state.Options);
        try
        {
            using var reader = SnapshotReader.Open(_options.Path);
            if (TryRestore(reader, target, out var fault) is { } header)
            {
                _state.MarkRestored(header);
            }
            else
            {
                _log.SnapshotIgnored(_options.Path, fault);
            }
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            _log.NoSnapshot(_options.Path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _log.SnapshotIgnored(_options.Path, exception.Message.ReplaceLineEndings(" "));
        }
    }

    /// <summary>Writes what changed, no oftener than the options say, until cancelled.</summary>
    public async Task RunAsync(IObjectSource source, CancellationToken cancellationToken)
    {
        var wait = _options.Interval;
        while (true)
        {
            await Task.Delay(wait, _time, cancellationToken);
            var begun = _time.GetTimestamp();

            // Away from whoever keeps the time: a disk may take long.
            await Task.Run(() => SaveIfDue(source, Refresh), CancellationToken.None);
            var took = _time.GetElapsedTime(begun) * Pause;
            wait = took > _options.Interval ? took : _options.Interval;
        }
    }

    /// <summary>Writes what is not on disk yet; a source that has not read everything has nothing to write.</summary>
    /// <param name="refresh">How much newer data must be that have not changed.</param>
    public void SaveIfDue(IObjectSource source, TimeSpan refresh)
    {
        lock (_gate)
        {
            // Taken first: what changes meanwhile is due again.
            var version = _state.Version;
            if (source.IsSynced
                && Freshness.ConfirmedAt(source) is { } asOf
                && (version != _savedVersion || asOf - _savedAsOf >= refresh))
            {
                Save(new SnapshotHeader(_identity, asOf, Freshness.VersionsOf(source)), version);
            }
        }
    }

    private SnapshotHeader? TryRestore(SnapshotReader reader, IRestoreTarget target, out string fault)
    {
        if (!reader.TryReadHeader(out var header, out fault))
        {
            return null;
        }

        var age = _time.GetUtcNow() - header.AsOf;
        fault = !header.Identity.AsSpan().SequenceEqual(_identity) ? "it is of another cluster or made with other options"
            : age > _options.MaxAge ? $"its data are {GoDuration.FormatAsGo(age)} old, more than {GoDuration.FormatAsGo(_options.MaxAge)}"
            : !reader.IsWhole() ? "it is damaged"
            : "";
        if (fault.Length > 0)
        {
            return null;
        }

        if (!reader.TryReadObjects(target, out var objects))
        {
            target.Discard();
            fault = "its objects are damaged";
            return null;
        }

        _log.Restored(_options.Path, objects, header.AsOf.UtcDateTime, header.Versions);
        return header;
    }

    private void Save(SnapshotHeader header, long version)
    {
        try
        {
            _size.Set(SnapshotWriter.Replace(_options.Path, header, Content));
            _written.Increment();
            _savedVersion = version;
            _savedAsOf = header.AsOf;
            if (_failing)
            {
                _failing = false;
                _log.SnapshotWrittenAgain(_options.Path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _failed.Increment();
            if (!_failing)
            {
                _failing = true;
                _log.SnapshotNotWritten(_options.Path, exception.Message.ReplaceLineEndings(" "));
            }
        }
    }
}
