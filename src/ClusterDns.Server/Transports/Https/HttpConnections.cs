using System.Net;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;
using Microsoft.AspNetCore.Connections;

namespace ClusterDns.Server.Transports.Https;

/// <summary>
/// The connections of one HTTP listener, against its ceiling: one more is taken in at the cost of the oldest one of the client that has
/// most. Kestrel's own ceiling would turn the newcomer away, and one client could keep all others out.
/// </summary>
/// <param name="ceiling">Connections at once; 0: no limit.</param>
/// <param name="closed">Counts those that made room.</param>
internal sealed class HttpConnections(int ceiling, Counter closed)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<(ConnectionContext Connection, IPAddressValue Client)> _oldestFirst = [];
    private readonly Dictionary<IPAddressValue, int> _counts = [];

    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var client = connection.RemoteEndPoint is IPEndPoint peer ? IPAddressValue.From(peer.Address).ClientNetwork : default;
        if (Add(connection, client, out var node) is { } crowded)
        {
            closed.Increment();
            crowded.Abort(new ConnectionAbortedException("closed for another connection"));
        }

        try
        {
            await next(connection);
        }
        finally
        {
            Remove(node);
        }
    }

    private ConnectionContext? Add(
        ConnectionContext connection, IPAddressValue client, out LinkedListNode<(ConnectionContext Connection, IPAddressValue Client)> node)
    {
        lock (_gate)
        {
            node = _oldestFirst.AddLast((connection, client));
            _counts[client] = _counts.GetValueOrDefault(client) + 1;
            if (ceiling == 0 || _oldestFirst.Count <= ceiling)
            {
                return null;
            }

            var most = _counts.Values.Max();
            var oldest = _oldestFirst.First!; // One was just added.
            while (_counts[oldest.Value.Client] < most)
            {
                oldest = oldest.Next!; // Some client has the most.
            }

            RemoveCore(oldest);
            return oldest.Value.Connection;
        }
    }

    private void Remove(LinkedListNode<(ConnectionContext Connection, IPAddressValue Client)> node)
    {
        lock (_gate)
        {
            // Not there any more where it made room.
            if (node.List is not null)
            {
                RemoveCore(node);
            }
        }
    }

    private void RemoveCore(LinkedListNode<(ConnectionContext Connection, IPAddressValue Client)> node)
    {
        _oldestFirst.Remove(node);
        if (--_counts[node.Value.Client] == 0)
        {
            _counts.Remove(node.Value.Client);
        }
    }
}
