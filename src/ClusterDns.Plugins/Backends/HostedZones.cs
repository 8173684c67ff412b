using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Plugins.Backends;

/// <summary>
/// The zones of one directive that a provider hosts: loaded before the server serves, then again and again. What cannot be
/// loaded again stays as it was.
/// </summary>
internal sealed partial class HostedZones : IChangingState
{
    // Zones that are loaded side by side.
    private const int Parallel = 4;

    private readonly Directive _directive;
    private readonly IReadOnlyList<HostedZone> _zones;
    private readonly IHostedZoneSource _source;
    private readonly TimeSpan _refresh;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private long _version;

    public HostedZones(
        Directive directive, IReadOnlyList<HostedZone> zones, IHostedZoneSource source, TimeSpan refresh, BlockContext block)
    {
        _directive = directive;
        _zones = zones;
        _source = source;
        _refresh = refresh;
        _time = block.Services.Time;
        _logger = block.Services.LoggerFor(directive.Plugin);
        block.OnStartup(StartAsync);
        block.OnServing(RefreshAsync);
        block.OnShutdown(() =>
        {
            source.Dispose();
            return ValueTask.CompletedTask;
        });
    }

    public long Version => Volatile.Read(ref _version);

    /// <summary>By origin, each in the order of the Corefile.</summary>
    public ZoneTable<HostedZone[]> Table => new(
        _zones.GroupBy(static zone => zone.Origin).Select(static group => KeyValuePair.Create(group.Key, group.ToArray())));

    // A server that never had the zones must not pretend to serve them.
    private async ValueTask StartAsync(CancellationToken cancel)
    {
        await LoadAllAsync(cancel);
        if (_zones.FirstOrDefault(static zone => zone.Failure is not null) is { } failed)
        {
            throw _directive.Error($"failed to initialize {_directive.Plugin} plugin: {failed.Id}: {failed.Failure}");
        }
    }

    private async ValueTask RefreshAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(_refresh, _time);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            await LoadAllAsync(cancel);
        }
    }

    private async Task LoadAllAsync(CancellationToken cancel)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancel };
        await System.Threading.Tasks.Parallel.ForEachAsync(_zones, options, LoadAsync);
    }

    private async ValueTask LoadAsync(HostedZone zone, CancellationToken cancel)
    {
        var before = zone.Failure;
        try
        {
            var builder = new ZoneBuilder(zone.Origin);
            await _source.LoadAsync(zone, builder, cancel);
            if (!builder.TryBuild(out var data, out var error))
            {
                throw new BackendException(error);
            }

            if (zone.Data is null || !IsSame(zone.Data, data))
            {
                zone.Data = data;
                Interlocked.Increment(ref _version);
            }

            zone.Failure = null;
            if (before is not null)
            {
                LogRecovered(zone.Id);
            }
        }
        catch (Exception exception) when (!cancel.IsCancellationRequested && BackendHttp.IsFailure(exception))
        {
            zone.Failure = exception is OperationCanceledException ? "no answer in time" : BackendHttp.Excerpt(exception.Message);

            // Once: a provider that is away for a night does not fill the log.
            if (before is null && zone.Data is not null)
            {
                LogFailed(zone.Id, zone.Failure);
            }
        }
    }

    // Providers do not count a serial up for each change, so the records themselves are compared.
    private static bool IsSame(Zone left, Zone right)
    {
        var sets = right.RRsets.ToDictionary(static entry => (entry.Owner, entry.RRset.Type, Covered(entry.RRset)), static entry => entry.RRset);
        var count = 0;
        foreach (var (owner, set) in left.RRsets)
        {
            count++;
            if (!sets.TryGetValue((owner, set.Type, Covered(set)), out var other)
                || other.Ttl != set.Ttl
                || !other.Rdata.AsSpan().SequenceEqual(set.Rdata))
            {
                return false;
            }
        }

        return count == sets.Count;

        static int Covered(Protocol.Records.RRset set) =>
            set.Type is Protocol.Records.RecordType.RRSIG ? (set.Rdata[2] << 8) | set.Rdata[3] : 0;
    }

    [LoggerMessage(2255, LogLevel.Error, "Failed to update zone {Zone}, what was loaded before is served: {Reason}")]
    private partial void LogFailed(string zone, string reason);

    [LoggerMessage(2256, LogLevel.Information, "Updated zone {Zone} again")]
    private partial void LogRecovered(string zone);
}
