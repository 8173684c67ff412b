using ClusterDns.Core.Pipeline;

namespace ClusterDns.Server.Transports.Streams;

/// <summary>
/// All connections of the process, against its ceilings: where there is no room, the one that has waited longest without a query is
/// closed for the new one.
/// </summary>
internal sealed class ConnectionTable(TransportLimits limits)
{
    // Connections looked at to find the one to close: an attacker must not make every new one cost a walk over all.
    private const int MaxLookedAt = 64;

    private readonly Lock _gate = new();
    private readonly List<StreamConnection> _all = [];
    private readonly Dictionary<IPAddressValue, List<StreamConnection>> _clients = [];

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _all.Count;
            }
        }
    }

    /// <summary>False: there is no room and none could be made; the connection is not taken.</summary>
    public bool TryAdd(StreamConnection connection)
    {
        StreamConnection? closed = null;
        lock (_gate)
        {
            var client = connection.ClientAddress.ClientNetwork;
            var ofClient = _clients.GetValueOrDefault(client);
            var crowded = ofClient?.Count >= limits.MaxConnectionsPerClient ? ofClient
                : _all.Count >= limits.MaxConnections ? _all : null;
            if (crowded is not null)
            {
                closed = LongestIdle(crowded);
                if (closed is null)
                {
                    limits.ClosedAtOnce.Increment();
                    return false;
                }

                RemoveCore(closed);
            }

            _all.Add(connection);
            if (!_clients.TryGetValue(client, out ofClient))
            {
                _clients[client] = ofClient = [];
            }

            ofClient.Add(connection);
        }

        if (closed is not null)
        {
            limits.ClosedForAnother.Increment();
            closed.Abort();
        }

        return true;
    }

    public void Remove(StreamConnection connection)
    {
        lock (_gate)
        {
            RemoveCore(connection);
        }
    }

    private void RemoveCore(StreamConnection connection)
    {
        _all.Remove(connection);
        var client = connection.ClientAddress.ClientNetwork;
        if (_clients.TryGetValue(client, out var ofClient) && ofClient.Remove(connection) && ofClient.Count == 0)
        {
            _clients.Remove(client);
        }
    }

    private static StreamConnection? LongestIdle(List<StreamConnection> connections)
    {
        StreamConnection? longest = null;
        var first = connections.Count > MaxLookedAt ? Random.Shared.Next(connections.Count) : 0;
        for (var index = 0; index < Math.Min(connections.Count, MaxLookedAt); index++)
        {
            var candidate = connections[(first + index) % connections.Count];
            if (candidate.IsIdle && (longest is null || candidate.LastActivity < longest.LastActivity))
            {
                longest = candidate;
            }
        }

        return longest;
    }
}
