using System.Net.Security;
using ClusterDns.Core.Telemetry;

namespace ClusterDns.Plugins.Forward;

/// <summary>
/// Reaches an upstream over TCP or TLS. Connections stay open and are used again (RFC 7766 §6.2.1); a query takes an idle
/// one before it opens another, because many servers answer one after the other, and shares one when there are enough.
/// </summary>
internal sealed class StreamChannel(ChannelSettings settings, SslClientAuthenticationOptions? tls, Counter reused, Counter opened)
    : IUpstreamChannel
{
    private const int MaxConnections = 32;

    private readonly Lock _gate = new();
    private readonly List<StreamConnection> _connections = [];
    private bool _disposed;

    public void Send(Exchange exchange)
    {
        // A connection may close between the choice and its use; after a few of them something is wrong.
        for (var attempt = 0; attempt < 4; attempt++)
        {
            var connection = Choose(exchange, out var isNew, out var isDisposed);
            if (isDisposed)
            {
                exchange.Fail("forward: shut down");
                return;
            }

            if (connection is null)
            {
                break;
            }

            // A new one starts with the query in it: if it is refused at once, it says so to the query.
            var isSent = connection.TrySend(exchange);
            if (isNew)
            {
                connection.Start();
            }

            if (isSent)
            {
                (isNew ? opened : reused).Increment(exchange.Worker);
                settings.Timer.Wake();
                return;
            }
        }

        settings.Limits.NoRoom.Increment(exchange.Worker);
        exchange.Fail("forward: too many queries wait for " + settings.Remote);
    }

    public ChannelState Sweep(long now)
    {
        StreamConnection[] connections;
        lock (_gate)
        {
            connections = _connections.Count == 0 ? [] : [.. _connections];
        }

        // Outside the lock: what fails here may come back at once to send again.
        var state = ChannelState.Empty;
        var idle = 0;
        foreach (var connection in connections)
        {
            var one = connection.Sweep(now, settings.MaxIdle > 0 && idle >= settings.MaxIdle);
            idle += one is ChannelState.Idle ? 1 : 0;
            state = one > state ? one : state;
            if (one is ChannelState.Empty)
            {
                lock (_gate)
                {
                    _connections.Remove(connection);
                }
            }
        }

        return state;
    }

    public void Dispose()
    {
        StreamConnection[] connections;
        lock (_gate)
        {
            _disposed = true;
            connections = [.. _connections];
        }

        foreach (var connection in connections)
        {
            connection.Close("forward: shut down", ExchangeStatus.Failed);
        }
    }

    // A new connection is its caller's to start.
    private StreamConnection? Choose(Exchange exchange, out bool isNew, out bool isDisposed)
    {
        isNew = false;
        lock (_gate)
        {
            isDisposed = _disposed;
            if (isDisposed)
            {
                return null;
            }

            StreamConnection? least = null;
            for (var index = _connections.Count - 1; index >= 0; index--)
            {
                var connection = _connections[index];
                if (connection.IsClosed)
                {
                    _connections.RemoveAt(index);
                }
                else if (connection.Accepts(exchange) && (least is null || connection.Pending <= least.Pending))
                {
                    least = connection;
                }
            }

            if (least is { Pending: 0 } || (least is not null && _connections.Count >= MaxConnections))
            {
                return least;
            }

            if (_connections.Count >= 2 * MaxConnections)
            {
                // All are about to be given up, and more of them would be no help.
                return least;
            }

            isNew = true;
            var added = new StreamConnection(settings, tls);
            _connections.Add(added);
            return added;
        }
    }
}
