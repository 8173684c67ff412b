using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;
using ClusterDns.Plugins.ProxyProto;

namespace ClusterDns.Server.Transports.Proxying;

/// <summary>
/// Which client a UDP peer's last header named, for its datagrams without one (<c>udp_session_tracking</c>). Bounded: the peer
/// unused for longest is forgotten first.
/// </summary>
/// <param name="forgotten">Counts those.</param>
internal sealed class ProxySessions(TimeProvider time, Counter forgotten)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SocketEndpoint, LinkedListNode<Session>> _byPeer = [];

    // The one used last comes first.
    private readonly LinkedList<Session> _byUse = new();

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _byPeer.Count;
            }
        }
    }

    public void Keep(SocketEndpoint peer, SocketEndpoint client, ProxyProtoOptions options)
    {
        lock (_gate)
        {
            if (!_byPeer.TryGetValue(peer, out var node))
            {
                Trim(options.MaxSessions - 1);
                _byPeer[peer] = node = new LinkedListNode<Session>(new Session(peer));
                _byUse.AddFirst(node);
            }

            node.Value.Client = client;
            Touch(node);
        }
    }

    /// <summary>False: the peer's last header is too old, or it sent none.</summary>
    public bool TryFind(SocketEndpoint peer, ProxyProtoOptions options, out SocketEndpoint client)
    {
        lock (_gate)
        {
            client = default;
            if (!_byPeer.TryGetValue(peer, out var node))
            {
                return false;
            }

            if (time.GetElapsedTime(node.Value.LastUse) > options.SessionLifetime)
            {
                Remove(node);
                return false;
            }

            client = node.Value.Client;
            Touch(node);
            return true;
        }
    }

    private void Touch(LinkedListNode<Session> node)
    {
        node.Value.LastUse = time.GetTimestamp();
        _byUse.Remove(node);
        _byUse.AddFirst(node);
    }

    private void Trim(int count)
    {
        while (_byPeer.Count > count && _byUse.Last is { } oldest)
        {
            forgotten.Increment();
            Remove(oldest);
        }
    }

    private void Remove(LinkedListNode<Session> node)
    {
        _byPeer.Remove(node.Value.Peer);
        _byUse.Remove(node);
    }

    private sealed class Session(SocketEndpoint peer)
    {
        public SocketEndpoint Peer => peer;

        public SocketEndpoint Client { get; set; }

        public long LastUse { get; set; }
    }
}
