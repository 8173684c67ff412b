using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Names;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Plugins.Secondary;

/// <summary>
/// One zone that is kept up to date from its primaries by the times of its SOA (RFC 1034 §4.3.5) and by NOTIFY (RFC 1996). What is
/// there is served until something newer is complete, and no longer than the SOA allows without word from a primary.
/// </summary>
/// <param name="transfers">How many transfers run at once, of all zones together.</param>
internal sealed partial class SecondaryZone(
    DnsName origin, IZoneFetcher fetcher, SemaphoreSlim transfers, ServerServices services)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestFirstRetry = TimeSpan.FromSeconds(10);

    // Between two refreshes, however often somebody says that there is something new.
    private static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LeastWait = TimeSpan.FromMilliseconds(1);

    private readonly ILogger _logger = services.LoggerFor(SecondaryPlugin.Name);
    private readonly SemaphoreSlim _notified = new(0, 1);
    private readonly TaskCompletionSource _tried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isExpired;
    private long _confirmed;

    public ServedZone Served { get; } = new(origin);

    public DnsName Origin => origin;

    /// <summary>What may be told; null where there is nothing, or nothing that still holds.</summary>
    public Zone? Current => _isExpired ? null : Served.Current;

    /// <summary>Done when the primaries were asked once.</summary>
    public Task FirstTry => _tried.Task;

    /// <summary>A primary says that there is something new.</summary>
    public void Notify()
    {
        if (_notified.CurrentCount == 0)
        {
            try
            {
                _notified.Release();
            }
            catch (SemaphoreFullException)
            {
                // Two at once: one refresh serves both.
            }
        }
    }

    /// <param name="changed">Called for every new version, and when the zone ceases to hold or holds again.</param>
    public async Task RunAsync(Action<SecondaryZone> changed, CancellationToken end)
    {
        var retry = FirstRetry;
        while (!end.IsCancellationRequested)
        {
            var result = await FetchAsync(end);
            Accept(result, changed);
            _tried.TrySetResult();
            TimeSpan pause;
            if (Served.Current is { } zone)
            {
                pause = Seconds(result.Error is null ? zone.Refresh : zone.Retry);
                retry = FirstRetry;
            }
            else
            {
                pause = retry;
                retry = TimeSpan.FromTicks(Math.Min(retry.Ticks * 2, LongestFirstRetry.Ticks));
            }

            await WaitAsync(pause, changed, end);
        }
    }

    private async Task<FetchResult> FetchAsync(CancellationToken end)
    {
        await transfers.WaitAsync(end);
        try
        {
            return await fetcher.FetchAsync(origin, Served.Current, end);
        }
        finally
        {
            transfers.Release();
        }
    }

    private void Accept(FetchResult result, Action<SecondaryZone> changed)
    {
        if (result.Error is { } error)
        {
            LogFailed(origin, error);
            return;
        }

        _confirmed = services.Time.GetTimestamp();
        var isChanged = _isExpired;
        if (result.Zone is { } zone)
        {
            if (result.Steps is { } steps)
            {
                Served.Replace(zone, steps);
            }
            else
            {
                Served.Replace(zone);
            }

            isChanged = true;
            LogTransferred(origin, zone.Serial, zone.RecordCount);
        }

        _isExpired = false;
        if (isChanged)
        {
            changed(this);
        }
    }

    // Until it is time, somebody says that there is something new, or the zone ceases to hold (and then further).
    private async Task WaitAsync(TimeSpan pause, Action<SecondaryZone> changed, CancellationToken end)
    {
        var began = services.Time.GetTimestamp();
        while (services.Time.GetElapsedTime(began) is var passed && passed < pause)
        {
            Expire(changed);
            var left = pause - passed;
            if (UntilExpiry() is { } expiry && expiry < left)
            {
                left = expiry;
            }

            if (await IsNotifiedAsync(left > LeastWait ? left : LeastWait, end))
            {
                var sinceRefresh = services.Time.GetElapsedTime(began);
                if (sinceRefresh < LeastPause)
                {
                    await Task.Delay(LeastPause - sinceRefresh, services.Time, end);
                }

                return;
            }
        }

        Expire(changed);
    }

    private async Task<bool> IsNotifiedAsync(TimeSpan limit, CancellationToken end)
    {
        using var wait = new CancellationTokenSource(limit, services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(wait.Token, end);
        try
        {
            await _notified.WaitAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!end.IsCancellationRequested)
        {
            return false;
        }
    }

    private void Expire(Action<SecondaryZone> changed)
    {
        if (UntilExpiry() is { } left && left <= TimeSpan.Zero)
        {
            _isExpired = true;
            LogExpired(origin);
            changed(this);
        }
    }

    // Null where nothing can expire.
    private TimeSpan? UntilExpiry() => Current is { } zone ? Seconds(zone.Expire) - services.Time.GetElapsedTime(_confirmed) : null;

    // A primary that says 0 is not asked without end; a timer takes no more than 49 days.
    private static TimeSpan Seconds(uint seconds) => TimeSpan.FromSeconds(Math.Clamp(seconds, 1, 28 * 24 * 3600));

    [LoggerMessage(2170, LogLevel.Information, "Transferred: {Zone}, serial {Serial}, {Count} records")]
    private partial void LogTransferred(DnsName zone, uint serial, int count);

    [LoggerMessage(2171, LogLevel.Warning, "Failed to transfer `{Zone}': {Error}")]
    private partial void LogFailed(DnsName zone, string error);

    [LoggerMessage(2172, LogLevel.Warning, "Zone `{Zone}' has expired: no primary has answered for as long as its SOA allows")]
    private partial void LogExpired(DnsName zone);
}
