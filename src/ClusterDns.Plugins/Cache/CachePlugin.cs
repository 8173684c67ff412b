using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Edns;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Cache;

/// <summary>Keeps responses and answers from them until their TTL runs out, or past it where the configuration says so.</summary>
internal sealed class CachePlugin : IPlugin
{
    private readonly IQueryHandler _next;
    private readonly CacheOptions _options;
    private readonly TimeProvider _time;
    private readonly CacheStore _success;
    private readonly CacheStore _denial;
    private readonly PerListener<CacheMetrics> _metrics;
    private readonly CacheRefresher _refresher;
    private readonly long _gapTicks;

    private CachePlugin(IQueryHandler next, CacheOptions options, BlockContext block)
    {
        _next = next;
        _options = options;
        _time = block.Services.Time;
        _success = new CacheStore(options.Success.Capacity, block.Services.Memory);
        _denial = new CacheStore(options.Denial.Capacity, block.Services.Memory);
        block.OnShutdown(() =>
        {
            _success.Close();
            _denial.Close();
            return ValueTask.CompletedTask;
        });
        _metrics = CacheMetrics.For(block, string.Join(',', options.Zones.Zones), _success, _denial);
        _refresher = new CacheRefresher(block.Services, RefreshAsync);
        _gapTicks = Ticks(options.Prefetch?.Gap ?? default);
    }

    public static string Name => "cache";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        var options = CacheOptions.Read(directives.ExpectOnce());
        return next => new CachePlugin(next, options, block);
    }

    public ValueTask HandleAsync(QueryContext query)
    {
        if (!_options.Zones.Contains(query.LowerName))
        {
            return _next.HandleAsync(query);
        }

        var metrics = _metrics.For(query.Listener);
        metrics.Requests.Increment(query.Worker);
        var key = CacheKey.Of(query);

        // A client's own query was read a moment ago; one of the server's may have been waited for.
        var now = query.MessageLength > 0 ? query.StartTimestamp : _time.GetTimestamp();
        var entry = Find(key, query, now);
        if (entry is null)
        {
            metrics.Misses.Value.Increment(query.Worker);
            return MissAsync(query, key);
        }

        (entry.Kind is ResponseKind.Positive or ResponseKind.Delegation ? metrics.SuccessHits : metrics.DenialHits)
            .Value.Increment(query.Worker);
        var remaining = Remaining(entry, now);
        if (remaining <= 0)
        {
            return StaleAsync(query, entry, metrics, now);
        }

        if (_options.Prefetch is { Amount: > 0 } prefetch && IsDue(prefetch, entry, remaining, now) && entry.TryBeginRefresh(now))
        {
            metrics.Prefetches.Value.Increment(query.Worker);
            _refresher.Start(query, entry, pause: 0);
        }

        query.Reason = new Reason(ReasonCode.CacheHit);
        entry.Answer(query, _options.KeepsTtl ? entry.Ttl : (uint)remaining);
        return ValueTask.CompletedTask;
    }

    private CacheEntry? Find(CacheKey key, QueryContext query, long now)
    {
        var name = query.LowerName;
        _denial.Prefetch(key);
        _success.Prefetch(key);
        var denial = Usable(_denial.Find(key, name), now);
        if (denial is not null && denial.Kind is not ResponseKind.ServerFailure && !_options.PrefersPositive)
        {
            return denial;
        }

        // A failure that is remembered hides no answer that is still good.
        return Usable(_success.Find(key, name), now) ?? denial;
    }

    private CacheEntry? Usable(CacheEntry? entry, long now)
    {
        if (entry is not { IsCurrent: true })
        {
            return null;
        }

        var remaining = Remaining(entry, now);
        return remaining > 0 || (_options.Stale is { } stale && -remaining < stale.Duration.TotalSeconds) ? entry : null;
    }

    // Whole seconds, as TTLs are; negative past the end. What was stored since the query was read is new.
    private long Remaining(CacheEntry entry, long now) => entry.Ttl - (Math.Max(0, now - entry.Stored) / _time.TimestampFrequency);

    private ValueTask MissAsync(QueryContext query, CacheKey key)
    {
        var running = AskAsync(query);
        if (!running.IsCompletedSuccessfully)
        {
            return AwaitAsync(running, query, key);
        }

        Keep(query, key, replaced: null);
        return ValueTask.CompletedTask;
    }

    private async ValueTask AwaitAsync(ValueTask running, QueryContext query, CacheKey key)
    {
        await running;
        Keep(query, key, replaced: null);
    }

    private async ValueTask<bool> RefreshAsync(QueryContext query, CacheEntry entry)
    {
        await AskAsync(query);
        return Keep(query, entry.Key, entry);
    }

    // Downstream is told that we understand AD (RFC 6840 §5.7), so that what is kept serves those who ask for it.
    private ValueTask AskAsync(QueryContext query)
    {
        var flags = query.Flags;
        query.Flags = flags | HeaderFlags.AuthenticData;
        var running = _next.HandleAsync(query);
        if (running.IsCompletedSuccessfully)
        {
            query.Flags = flags;
            return ValueTask.CompletedTask;
        }

        return RestoreAsync(running, query, flags);
    }

    private static async ValueTask RestoreAsync(ValueTask running, QueryContext query, HeaderFlags flags)
    {
        await running;
        query.Flags = flags;
    }

    /// <summary>Keeps the response if it may be, and gives it the TTL it is kept for; true where it replaces what was known.</summary>
    private bool Keep(QueryContext query, CacheKey key, CacheEntry? replaced)
    {
        var response = query.Response;
        if (response.State is not ResponseState.Answered || response.IsBare)
        {
            return false;
        }

        var kind = ResponseClassifier.Classify(query, _time.GetUtcNow());
        var ttl = LifetimeOf(query.Response, kind);
        if (ttl > 0 && IsKept(query, kind))
        {
            Store(CacheEntry.Create(key, query, kind, ttl, _time.GetTimestamp()), query, replaced);
        }

        response.Source = Name;
        response.EdnsOptions = default;
        if (!query.DnssecOk && (query.Flags & HeaderFlags.AuthenticData) == 0)
        {
            response.Flags &= ~HeaderFlags.AuthenticData;
        }

        SetTtl(response.Answer, ttl);
        SetTtl(response.Authority, ttl);
        SetTtl(response.Additional, ttl);

        return !response.IsTruncated && response.Code is ResponseCode.NoError or ResponseCode.NXDomain;
    }

    private bool IsKept(QueryContext query, ResponseKind kind)
    {
        // Other classes than IN are asked for by hand alone.
        if (query.Response.IsTruncated || query.Class is not RecordClass.IN)
        {
            return false;
        }

        return kind switch
        {
            ResponseKind.Positive or ResponseKind.Delegation => !_options.SuccessDisabled.Contains(query.LowerName),
            ResponseKind.NameError or ResponseKind.NoData or ResponseKind.ServerFailure =>
                !_options.DenialDisabled.Contains(query.LowerName),
            _ => false,
        };
    }

    private void Store(CacheEntry entry, QueryContext query, CacheEntry? replaced)
    {
        if (replaced is not null)
        {
            entry.TakeHitsOf(replaced);
        }

        var name = query.LowerName;
        var metrics = _metrics.For(query.Listener);
        if (entry.Kind is ResponseKind.Positive or ResponseKind.Delegation)
        {
            if (_success.Set(entry, name))
            {
                metrics.SuccessEvictions.Value.Increment(query.Worker);
            }

            // What exists now is no longer denied.
            if (_denial.Find(entry.Key, name) is { } denial)
            {
                _denial.Remove(denial);
            }
        }
        else if (_denial.Set(entry, name))
        {
            metrics.DenialEvictions.Value.Increment(query.Worker);
        }
    }

    // The smallest TTL of all records, within the limits of its kind.
    private uint LifetimeOf(Response response, ResponseKind kind)
    {
        const uint Unknown = 5;
        if (kind is ResponseKind.ServerFailure)
        {
            return _options.FailureTtl;
        }

        var least = uint.MaxValue;
        if (kind is ResponseKind.Positive or ResponseKind.Unfinished or ResponseKind.NameError or ResponseKind.NoData)
        {
            LowerTo(ref least, response.Answer);
            LowerTo(ref least, response.Authority);
            LowerTo(ref least, response.Additional);
        }

        least = least == uint.MaxValue ? Unknown : least;
        return (kind is ResponseKind.NameError or ResponseKind.NoData ? _options.Denial : _options.Success).Clamp(least);
    }

    private static void LowerTo(ref uint least, ResponseSection section)
    {
        foreach (ref var record in section.Records)
        {
            // RFC 2181 §8: a TTL with its top bit set is zero.
            least = Math.Min(least, record.Ttl > int.MaxValue ? 0 : record.Ttl);
        }
    }

    private static void SetTtl(ResponseSection section, uint ttl)
    {
        foreach (ref var record in section.Records)
        {
            record.Ttl = ttl;
        }
    }

    private static bool IsDue(PrefetchOptions prefetch, CacheEntry entry, long remaining, long gapTicks, long now) =>
        entry.CountHit(now, gapTicks) >= prefetch.Amount && remaining <= ((entry.Ttl * prefetch.Percentage) + 99) / 100;

    private bool IsDue(PrefetchOptions prefetch, CacheEntry entry, long remaining, long now) =>
        IsDue(prefetch, entry, remaining, _gapTicks, now);

    private ValueTask StaleAsync(QueryContext query, CacheEntry entry, CacheMetrics metrics, long now)
    {
        var stale = _options.Stale!; // an entry past its end is only found where serve_stale is on
        var pause = Ticks(stale.Recheck);
        if (!entry.TryBeginRefresh(now))
        {
            AnswerStale(query, entry, metrics, stale);
            return ValueTask.CompletedTask;
        }

        if (stale.Verifies)
        {
            return VerifyAsync(query, entry, metrics, stale, pause);
        }

        _refresher.Start(query, entry, pause);
        AnswerStale(query, entry, metrics, stale);
        return ValueTask.CompletedTask;
    }

    private async ValueTask VerifyAsync(QueryContext query, CacheEntry entry, CacheMetrics metrics, StaleOptions stale, long pause)
    {
        var refresh = _refresher.StartAsync(query, entry, pause, query.Transport);
        if (stale.Timeout > TimeSpan.Zero)
        {
            await Task.WhenAny(refresh, Task.Delay(stale.Timeout, _time));
        }
        else
        {
            await refresh;
        }

        var fresh = Find(entry.Key, query, _time.GetTimestamp());
        if (refresh.IsCompletedSuccessfully && await refresh && fresh is not null && !ReferenceEquals(fresh, entry))
        {
            fresh.Answer(query, fresh.Ttl, isFresh: true);
            return;
        }

        AnswerStale(query, entry, metrics, stale);
    }

    // RFC 8914 §4.4, §4.20: a stale answer says that it is one.
    private static void AnswerStale(QueryContext query, CacheEntry entry, CacheMetrics metrics, StaleOptions stale)
    {
        metrics.ServedStale.Value.Increment(query.Worker);
        query.Reason = new Reason(ReasonCode.StaleCacheHit);
        entry.Answer(query, stale.ResponseTtl);
        query.Response.ExtendedError = entry.Code is ResponseCode.NXDomain
            ? ExtendedDnsError.StaleNXDomainAnswer
            : ExtendedDnsError.StaleAnswer;
    }

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * _time.TimestampFrequency);
}
