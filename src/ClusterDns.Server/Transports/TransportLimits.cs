using System.Runtime.CompilerServices;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;
using ClusterDns.Server.Transports.Streams;

namespace ClusterDns.Server.Transports;

/// <summary>The process's ceilings on what clients can make it hold, shared by every transport, and how much of them is in use.</summary>
internal sealed class TransportLimits
{
    private readonly WaitingShares _shares;
    private int _queriesInFlight;
    private int _connectionMemory;

    /// <param name="random">What clients are told apart by is drawn from it; null: the system's.</param>
    public TransportLimits(MetricRegistry metrics, IRandomSource? random = null)
    {
        _shares = new WaitingShares(random ?? CryptographicRandom.Instance);
        Connections = new ConnectionTable(this);
        var closed = ConnectionsClosed.Family(metrics);
        var dropped = metrics.Counter("clusterdns_queries_dropped_total", "Queries dropped because of a ceiling.", "reason");
        DroppedOverload = dropped.With("overload");
        DroppedWaiting = dropped.With("waiting");
        DroppedShare = dropped.With("client");
        DroppedBySocket = dropped.With("socket");
        DroppedBacklog = dropped.With("backlog");
        ClosedForAnother = closed.With("limit");
        ClosedAtOnce = closed.With("refused");
        ClosedTimedOut = closed.With("timeout");
        ClosedUnread = closed.With("memory");
        ClosedAfterQueries = closed.With("queries");
        PausedQueries = CeilingCounter.Of(metrics, "connection_queries");
    }

    // What a waiting query holds: its context, its message and what is copied for its answer.
    private const int WaitingQuerySize = 8 * 1024;

    // A connection's objects, without what it received and has to send.
    private const int ConnectionSize = 8 * 1024;

    /// <summary>Ceilings that fit into the process's memory: those of a large machine, or less.</summary>
    public static TransportLimits Within(MemoryBudget memory, MetricRegistry metrics) => new(metrics)
    {
        MaxQueriesInFlight = (int)Math.Clamp(memory.WaitingCeiling / WaitingQuerySize, 256, 16_384),
        MaxConnections = (int)Math.Clamp(memory.ConnectionCeiling / 2 / ConnectionSize, 128, 16_384),
        SocketBuffer = (int)Math.Clamp(memory.ConnectionCeiling / 8, 1 << 20, 4 << 20),
        MaxConnectionMemory = (int)Math.Clamp(memory.ConnectionCeiling / 2, 1 << 20, 64 << 20),
    };

    /// <summary>Queries that wait for something, mostly an upstream.</summary>
    public int MaxQueriesInFlight { get; init; } = 16_384;

    /// <summary>Connections (TCP, TLS) at once.</summary>
    public int MaxConnections { get; init; } = 4096;

    /// <summary>Connections of one IPv4 address or one IPv6 /64 at once.</summary>
    public int MaxConnectionsPerClient { get; init; } = 1024;

    /// <summary>Queries of one connection that wait for something; until one is done nothing more is read from it.</summary>
    public int MaxInFlightPerConnection { get; init; } = 256;

    /// <summary>Octets of all connections together that were received and not used yet, or answered and not sent yet.</summary>
    public int MaxConnectionMemory { get; init; } = 64 << 20;

    /// <summary>Octets of a UDP socket's buffer, as far as the system grants them.</summary>
    public int SocketBuffer { get; init; } = 4 << 20;

    public ConnectionTable Connections { get; }

    public int ConnectionMemory => Volatile.Read(ref _connectionMemory);

    public int QueriesInFlight => Volatile.Read(ref _queriesInFlight);

    /// <summary>Not routed at all.</summary>
    public Counter DroppedOverload { get; }

    /// <summary>Would have had to wait while as many did as may.</summary>
    public Counter DroppedWaiting { get; }

    /// <summary>Would have had to wait while its client had so many waiting that others would have found no place.</summary>
    public Counter DroppedShare { get; }

    /// <summary>Lost by the kernel: datagrams came faster than they were read, and the socket's buffer was full.</summary>
    public Counter DroppedBySocket { get; }

    /// <summary>Read from a socket that had overflowed, and given up for newer ones or those of lighter clients.</summary>
    public Counter DroppedBacklog { get; }

    /// <summary>Closed to make room for another connection.</summary>
    public Counter ClosedForAnother { get; }

    /// <summary>Closed at once: no other could make room.</summary>
    public Counter ClosedAtOnce { get; }

    /// <summary>Sent no whole query in time, or did not take its answers in time.</summary>
    public Counter ClosedTimedOut { get; }

    /// <summary>Does not read its answers, or sends long messages, where others need the memory.</summary>
    public Counter ClosedUnread { get; }

    /// <summary>Sent as many queries as one connection may (<c>maxtcpqueries</c>).</summary>
    public Counter ClosedAfterQueries { get; }

    /// <summary>Was not read from for a while: as many of its queries wait as may.</summary>
    public Counter PausedQueries { get; }

    /// <summary>
    /// Says before a query is routed whether it is at all. Near the ceiling those of the clients with the most waiting ones may not wait
    /// for anything, at the ceiling nobody's may, so that names served from here are answered while an upstream is dead; at twice
    /// the ceiling somebody waited nonetheless, and it is dropped.
    /// </summary>
    public bool Admit(QueryContext query)
    {
        var waiting = QueriesInFlight;
        return WaitingShares.HasPlenty(waiting, MaxQueriesInFlight) || AdmitInTurn(query, waiting);
    }

    // Not inlined, so that those who find plenty pay for none of it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool AdmitInTurn(QueryContext query, int waiting)
    {
        if (HasRoom(query, waiting, MaxQueriesInFlight))
        {
            return true;
        }

        if (waiting >= 2 * MaxQueriesInFlight)
        {
            DroppedOverload.Increment(query.Worker);
            return false;
        }

        query.ForbidWaiting(waiting < MaxQueriesInFlight ? DroppedShare : DroppedWaiting);
        return true;
    }

    /// <summary>True where the query's client has its share of what may wait not used up.</summary>
    /// <param name="waiting">Queries that wait now, of all clients.</param>
    /// <param name="ceiling">How many may.</param>
    public bool HasRoom(QueryContext query, int waiting, int ceiling) => _shares.HasRoom(query.Client.Address, waiting, ceiling);

    /// <summary>False: there is no room for these octets. Else <see cref="ReleaseMemory"/> follows.</summary>
    public bool TryTakeMemory(int octets)
    {
        if (Interlocked.Add(ref _connectionMemory, octets) <= MaxConnectionMemory)
        {
            return true;
        }

        ReleaseMemory(octets);
        return false;
    }

    public void ReleaseMemory(int octets) => Interlocked.Add(ref _connectionMemory, -octets);

    /// <summary>A query begins to wait.</summary>
    /// <returns>What <see cref="LeaveQuery"/> wants back.</returns>
    public int EnterQuery(QueryContext query)
    {
        Interlocked.Increment(ref _queriesInFlight);
        return _shares.Enter(query.Client.Address);
    }

    /// <param name="place">What <see cref="EnterQuery"/> returned.</param>
    public void LeaveQuery(int place)
    {
        _shares.Leave(place);
        Interlocked.Decrement(ref _queriesInFlight);
    }
}
