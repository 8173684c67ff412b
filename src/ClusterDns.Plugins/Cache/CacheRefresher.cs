using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;

namespace ClusterDns.Plugins.Cache;

/// <summary>Asks downstream anew for what an entry holds, behind the back of the client that caused it.</summary>
/// <param name="ask">Sends a query of the cache's own downstream and keeps what comes; true where it replaced the entry.</param>
internal sealed class CacheRefresher(ServerServices services, Func<QueryContext, CacheEntry, ValueTask<bool>> ask)
{
    /// <summary>Refreshes under way at once; beyond, entries wait for their next hit.</summary>
    private const int MaxInFlight = 1000;

    private readonly Counter _putOff = CeilingCounter.Of(services.Metrics, "cache_refreshes");
    private int _inFlight;

    /// <summary>Starts a refresh that nobody waits for; TCP, so that what comes is whole.</summary>
    public void Start(QueryContext query, CacheEntry entry, long pause) => _ = StartAsync(query, entry, pause, TransportProtocol.Tcp);

    /// <summary>True when the entry was replaced. <paramref name="pause"/>: ticks to leave it alone after a failure.</summary>
    public async Task<bool> StartAsync(QueryContext query, CacheEntry entry, long pause, TransportProtocol transport)
    {
        if (Interlocked.Increment(ref _inFlight) > MaxInFlight)
        {
            Interlocked.Decrement(ref _inFlight);
            _putOff.Increment(query.Worker);
            entry.EndRefresh(0);
            return false;
        }

        var copy = services.Queries.Rent();
        copy.BeginCopy(query, transport);
        var replaced = false;
        try
        {
            replaced = await ask(copy, entry);
            return replaced;
        }
        finally
        {
            entry.EndRefresh(replaced ? 0 : services.Time.GetTimestamp() + pause);
            services.Queries.Return(copy);
            Interlocked.Decrement(ref _inFlight);
        }
    }
}
