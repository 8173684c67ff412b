using System.Runtime.CompilerServices;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;

namespace ClusterDns.Plugins.Forward;

/// <summary>Sends queries to upstream resolvers and gives their answers back as they came.</summary>
internal sealed class ForwardPlugin : IPlugin
{
    // However many upstreams there are, a client waits no longer.
    private static readonly TimeSpan QueryTimeout = TimeSpan.FromSeconds(5);

    // Attempts that a query may lose one after the other without asking the retry budget; answers to fail over from are none.
    private const int FreeTries = 2;

    private readonly IQueryHandler _next;
    private readonly UpstreamSet _upstreams;
    private readonly ForwardOptions _options;
    private readonly TimeProvider _time;
    private readonly long _queryTimeout;
    private readonly long _readTimeout;
    private readonly int _maxAttempts;
    private int _concurrent;

    public ForwardPlugin(IQueryHandler next, UpstreamSet upstreams, ServerServices services)
    {
        _next = next;
        _upstreams = upstreams;
        _options = upstreams.Options;
        _time = services.Time;
        _queryTimeout = _time.ToTimestamps(QueryTimeout);
        _readTimeout = _time.ToTimestamps(_options.ReadTimeout);
        _maxAttempts = _options.MaxConnectAttempts switch { null => 2 * upstreams.Count, 0 => int.MaxValue, { } limit => limit };
    }

    public static string Name => "forward";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        block.HandlesOtherClasses = true;
        var metrics = new ForwardMetrics(block.Services.Metrics);
        var sets = new List<UpstreamSet>();
        foreach (var directive in directives)
        {
            sets.Add(new UpstreamSet(ForwardDirective.Read(directive, block), metrics, block.Services));
        }

        block.OnStartup(_ =>
        {
            sets.ForEach(set => set.Taps = UpstreamTaps.Of(block));
            return ValueTask.CompletedTask;
        });
        block.OnShutdown(() =>
        {
            sets.ForEach(static set => set.Dispose());
            return ValueTask.CompletedTask;
        });

        return next =>
        {
            for (var index = sets.Count - 1; index >= 0; index--)
            {
                next = new ForwardPlugin(next, sets[index], block.Services);
            }

            return next;
        };
    }

    public ValueTask HandleAsync(QueryContext query)
    {
        if (!_options.Matches(query))
        {
            return _next.HandleAsync(query);
        }

        if (!query.MayWait)
        {
            query.DropForWaiting(Name);
            return ValueTask.CompletedTask;
        }

        if (_options.MaxConcurrent > 0 && Interlocked.Increment(ref _concurrent) > _options.MaxConcurrent)
        {
            Interlocked.Decrement(ref _concurrent);
            _upstreams.Metrics.ConcurrentRejects.Increment(query.Worker);
            query.Reason = new Reason(ReasonCode.TooManyQueries);
            query.Response.Fail(ResponseCode.Refused, "", _upstreams.TooManyText);
            return ValueTask.CompletedTask;
        }

        return ForwardAsync(query);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ForwardAsync(QueryContext query)
    {
        var exchange = _upstreams.Exchanges.Rent();
        exchange.Attach(query);
        bool passOn;
        try
        {
            passOn = InFlightQueries.CanShare(query)
                ? await ShareAsync(query, exchange)
                : await SendAsync(query, exchange);
        }
        finally
        {
            _upstreams.Exchanges.Return(exchange);
            if (_options.MaxConcurrent > 0)
            {
                Interlocked.Decrement(ref _concurrent);
            }
        }

        if (passOn)
        {
            ReplyReader.Reset(query);
            await _next.HandleAsync(query);
        }
    }

    // As SendAsync, but identical questions that come meanwhile get the same answer.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> ShareAsync(QueryContext query, Exchange exchange)
    {
        if (_upstreams.InFlight.TryFollow(exchange, out var waiting))
        {
            _upstreams.Limits.Coalesced.Increment(query.Worker);
            return await waiting is ExchangeStatus.PassedOn;
        }

        var status = ExchangeStatus.Failed;
        try
        {
            status = await SendAsync(query, exchange) ? ExchangeStatus.PassedOn : ExchangeStatus.Replied;
        }
        finally
        {
            if (status is ExchangeStatus.Failed)
            {
                query.Response.Fail(ResponseCode.ServFail, "", "forward: fault");
            }

            _upstreams.InFlight.Finish(exchange, status);
        }

        return status is ExchangeStatus.PassedOn;
    }

    // True where the next forward is to be asked.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> SendAsync(QueryContext query, Exchange exchange)
    {
        UpstreamQueryWriter.Write(query, exchange, dropsCookie: _options.SendsCookies);
        _upstreams.Limits.Hedges.Earn();
        _upstreams.Limits.Retries.Earn();
        var now = _time.GetTimestamp();
        var end = now + _queryTimeout;
        var order = _upstreams.Order();
        var position = 0;
        var skipped = 0;
        var attempts = 0;
        while (now < end && now < query.Deadline && attempts < _maxAttempts)
        {
            if (position == _upstreams.Count)
            {
                position = 0;
                skipped = 0;
            }

            var upstream = _upstreams[order[position++]];
            if (upstream.Health.IsDown)
            {
                if (++skipped < _upstreams.Count)
                {
                    continue;
                }

                _upstreams.Metrics.HealthcheckBroken.Increment(query.Worker);
                if (_options.FailFast)
                {
                    break;
                }

                // Perhaps it is the probing that is broken.
                upstream = _upstreams.Any();
            }

            if (attempts >= FreeTries && !_upstreams.Limits.Retries.TryTake())
            {
                _upstreams.Limits.RetriesDenied.Increment(query.Worker);
                break;
            }

            if (exchange.IsHedged)
            {
                exchange = exchange.Copy();
                exchange.Attach(query);
            }

            var sent = now;
            var hedgeTo = position < _upstreams.Count && !_upstreams[order[position]].Health.IsSuspect ? _upstreams[order[position]] : null;
            var status = await AskAsync(upstream, hedgeTo, exchange, query, end);
            now = _time.GetTimestamp();
            switch (status)
            {
                case ExchangeStatus.Replied:
                    upstream = exchange.Winner!; // Whoever replied has won.
                    if (!exchange.IsHedged)
                    {
                        // Else it is not known how much of the time was the winner's.
                        upstream.Latency.Record(now - sent);
                    }

                    upstream.Metrics.Record(query.Response.Code, _time.GetElapsedTime(sent, now), query.Worker);
                    if (_options.FailoverCodes.Contains(query.Response.Code) && ++skipped < _upstreams.Count)
                    {
                        continue;
                    }

                    query.Reason = new Reason(ReasonCode.Forwarded, upstream);
                    query.Metadata?.Set("forward/upstream", upstream.MetadataValue);
                    return _next is ForwardPlugin && IsForNext(query.Response);

                case ExchangeStatus.Mismatched:
                    ReplyReader.Reset(query);
                    query.Reason = new Reason(ReasonCode.UpstreamMismatch, upstream);
                    query.Response.Begin(Name, authoritative: false, ResponseCode.FormErr);
                    return false;

                default:
                    upstream.Health.Suspect();
                    attempts = skipped < _upstreams.Count ? attempts + 1 : int.MaxValue;
                    break;
            }
        }

        Fail(query, exchange.Error);
        return false;
    }

    private static void Fail(QueryContext query, string? error)
    {
        ReplyReader.Reset(query);
        var timedOut = error is not null && error.EndsWith("i/o timeout", StringComparison.Ordinal);
        query.Reason = new Reason(timedOut ? ReasonCode.UpstreamTimeout : ReasonCode.UpstreamUnreachable);
        query.Response.Fail(ResponseCode.ServFail, "", error ?? "no healthy proxies");
    }

    // One attempt: again where an idle connection was found closed, and over TCP where prefer_udp met a truncated answer.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ExchangeStatus> AskAsync(Upstream upstream, Upstream? hedgeTo, Exchange exchange, QueryContext query, long end)
    {
        exchange.Upstream = upstream;
        var overTcp = _options.ForceTcp || (query.IsTcpLike && !_options.PreferUdp);
        var wasRefused = false;
        while (true)
        {
            var now = _time.GetTimestamp();
            exchange.Deadline = Math.Min(now + _readTimeout, end);
            exchange.Taps = _upstreams.Taps;
            exchange.SentAt = now;
            exchange.IsOverTcp = overTcp;
            upstream.Proof?.Prepare(exchange, overTcp);
            var running = exchange.Begin();
            if (hedgeTo is not null && !overTcp && _options.Hedges)
            {
                exchange.HedgeTo = hedgeTo;
                exchange.HedgeAt = now + upstream.Latency.HedgeDelay;
            }

            upstream.Send(exchange, overTcp);
            var status = await running;
            if (status is ExchangeStatus.StaleConnection && !exchange.NeedsNewConnection)
            {
                exchange.NeedsNewConnection = true;
                continue;
            }

            if (status is ExchangeStatus.Unproven)
            {
                overTcp = true;
                continue;
            }

            // The cookie was too old: the reply brought a new one (RFC 7873 §5.3).
            if (status is ExchangeStatus.Replied && query.Response.Code is ResponseCode.BadCookie && upstream.Proof is not null)
            {
                if (overTcp)
                {
                    exchange.Error = "forward: the upstream refuses its own cookie";
                    return ExchangeStatus.Failed;
                }

                overTcp = wasRefused;
                wasRefused = true;
                continue;
            }

            if (status is ExchangeStatus.Replied && query.Response.IsTruncated && _options.PreferUdp && !overTcp && upstream.HasDatagrams)
            {
                overTcp = true;
                continue;
            }

            return status;
        }
    }

    private bool IsForNext(Response response) =>
        _options.NextCodes.Contains(response.Code)
        || (_options.NextOnNoData && response.Code is ResponseCode.NoError && response.Answer.Count == 0);
}
