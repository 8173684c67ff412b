using System.Net;
using ClusterDns.Server.Reloading;

namespace ClusterDns.Server.Transports;

/// <summary>Listens on one address and has the plan's router answer. Bound when made; survives a reload of the plan.</summary>
internal interface ITransport : IAsyncDisposable
{
    /// <summary>What the Corefile asked for.</summary>
    ListenAddress Address { get; }

    /// <summary>What was bound: the port is the real one where port 0 was asked for.</summary>
    IPEndPoint LocalEndPoint { get; }

    /// <summary>Timestamp of the last query that came; 0 before any. What a drain goes by.</summary>
    long LastQuery { get; }

    /// <summary>Begins to serve; what arrived since the binding waits in the socket.</summary>
    void Start();

    /// <summary>
    /// Answers by another plan's group of the same address from now on; no socket is closed and queries in flight end on the old
    /// plan. False where the new group needs other sockets: bind a new transport beside this one (the address may be
    /// shared), start it, then stop this one.
    /// </summary>
    bool TrySwap(ListenGroup group);

    /// <summary>
    /// Takes nothing new, answers what is in flight and what waits in the sockets for at most <paramref name="drain"/>, closes
    /// the sockets. Where another socket shares the address, here or in another process, it is sent what comes from now on.
    /// </summary>
    ValueTask StopAsync(TimeSpan drain);
}
