using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Plugins.Reload;

/// <summary>Compares the Corefile on disk with the one in force, by the hash of what it says.</summary>
internal sealed partial class CorefileWatcher
{
    private readonly ServerServices _services;
    private readonly TimeSpan _interval;
    private readonly TimeSpan _jitter;
    private readonly ILogger _logger;
    private readonly Counter _failures;
    private readonly MetricFamily<Gauge> _version;

    public CorefileWatcher(ServerServices services, TimeSpan interval, TimeSpan jitter)
    {
        _services = services;
        _interval = interval;
        _jitter = jitter;
        _logger = services.LoggerFor(ReloadDirective.Name);
        _failures = services.Metrics
            .Counter("coredns_reload_failed_total", "Counter of the number of failed reload attempts.").With();
        _version = services.Metrics
            .Gauge("coredns_reload_version_info", "A metric with a constant '1' value labeled by hash, and value which type of hash generated.", "hash", "value");
    }

    public async ValueTask RunAsync(CancellationToken end)
    {
        if (_services.Reloader is not { } reloader)
        {
            return;
        }

        var current = Hash(reloader.Current);
        LogRunning(current);

        // Replicas that see the same change at the same moment do not all reload at once.
        var offset = _jitter * ((_services.Random.NextUInt32() / (double)uint.MaxValue) - 0.5);
        using var timer = new PeriodicTimer(_interval + offset, _services.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(end))
            {
                if (TryRead(reloader) is not { } document || Hash(document) is not { } hash || hash == current || reloader.HasRefused(document))
                {
                    continue;
                }

                if (await reloader.ReloadAsync(document) is not { } error)
                {
                    _version.Remove("sha512", current);
                    _version.With("sha512", hash).Set(1);
                    return;
                }

                _failures.Increment();
                LogRefused(error);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The plan has ended; the next one watches for itself.
        }
    }

    private static string Hash(CorefileDocument document) => Convert.ToHexStringLower(document.ComputeHash());

    private CorefileDocument? TryRead(IConfigurationReloader reloader)
    {
        try
        {
            return reloader.Read();
        }
        catch (CorefileException exception)
        {
            LogUnreadable(exception.Message);
            return null;
        }
    }

    [LoggerMessage(1560, LogLevel.Information, "Running configuration SHA512 = {Hash}")]
    private partial void LogRunning(string hash);

    [LoggerMessage(1561, LogLevel.Error, "Corefile parse failed: {Error}")]
    private partial void LogUnreadable(string error);

    [LoggerMessage(1562, LogLevel.Error, "Corefile changed but reload failed: {Error}")]
    private partial void LogRefused(string error);
}
