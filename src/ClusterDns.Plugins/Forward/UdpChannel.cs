using System.Net.Sockets;
using ClusterDns.Core.Telemetry;

namespace ClusterDns.Plugins.Forward;

/// <summary>
/// Reaches an upstream over UDP. A query goes out on one of a few connected sockets, chosen at random, with a random id:
/// with the ports that the operating system draws, that is what a forger has to guess (RFC 5452 §9.2). A socket is
/// replaced when it has carried enough queries or was used for some seconds, so that no port stays in use for long.
/// </summary>
internal sealed class UdpChannel(ChannelSettings settings, Counter reused, Counter opened) : IUpstreamChannel
{
    // Sixteen ports at a time, a thousand queries waiting on each.
    private const int Sockets = 16;

    private readonly Lock _gate = new();
    private readonly UdpUpstreamSocket?[] _sockets = new UdpUpstreamSocket?[Sockets];

    // Replaced, but something still waits on them.
    private readonly List<UdpUpstreamSocket> _draining = [];
    private bool _disposed;

    public void Send(Exchange exchange)
    {
        var draw = settings.Random.NextUInt32();
        var slot = (int)(draw >> 16) % Sockets;
        var id = (ushort)draw;
        var socket = Volatile.Read(ref _sockets[slot]);
        if (socket is not null && socket.TrySend(exchange, id))
        {
            reused.Increment(exchange.Worker);
            settings.Timer.Wake();
            return;
        }

        SendOnOther(exchange, slot, socket, id);
    }

    public ChannelState Sweep(long now)
    {
        var state = ChannelState.Empty;
        var idle = 0;
        for (var slot = 0; slot < Sockets; slot++)
        {
            if (Volatile.Read(ref _sockets[slot]) is { } socket)
            {
                var one = socket.Sweep(now, settings.MaxIdle > 0 && idle >= settings.MaxIdle);
                idle += one is ChannelState.Idle ? 1 : 0;
                state = one > state ? one : state;
                if (one is ChannelState.Empty)
                {
                    Interlocked.CompareExchange(ref _sockets[slot], null, socket);
                }
            }
        }

        return SweepDraining(now) ? ChannelState.Busy : state;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (var socket in _sockets)
            {
                socket?.Close("the server block is gone");
            }

            foreach (var socket in _draining)
            {
                socket.Close("the server block is gone");
            }
        }
    }

    private void SendOnOther(Exchange exchange, int slot, UdpUpstreamSocket? full, ushort id)
    {
        string? error;
        UdpUpstreamSocket? socket;
        lock (_gate)
        {
            socket = Replace(slot, full, out error);
        }

        if (socket is null || !socket.TrySend(exchange, id))
        {
            if (error is null)
            {
                settings.Limits.NoRoom.Increment(exchange.Worker);
            }

            exchange.Fail(error ?? "forward: too many queries wait for " + settings.Remote);
            return;
        }

        opened.Increment(exchange.Worker);
        settings.Timer.Wake();
    }

    private UdpUpstreamSocket? Replace(int slot, UdpUpstreamSocket? full, out string? error)
    {
        error = null;
        var old = _sockets[slot];
        if (!ReferenceEquals(old, full))
        {
            // Somebody else was quicker.
            return old;
        }

        if (_disposed || _draining.Count > Sockets)
        {
            error = _disposed ? "forward: shut down" : null;
            return null;
        }

        try
        {
            var socket = UdpUpstreamSocket.Open(settings);
            if (old is not null && old.Retire())
            {
                _draining.Add(old);
            }

            Volatile.Write(ref _sockets[slot], socket);
            return socket;
        }
        catch (SocketException exception)
        {
            error = $"dial udp {settings.Remote}: connect: {SocketErrorText.Format(exception.SocketErrorCode)}";
            return null;
        }
    }

    private bool SweepDraining(long now)
    {
        UdpUpstreamSocket[] draining;
        lock (_gate)
        {
            draining = _draining.Count == 0 ? [] : [.. _draining];
        }

        // Outside the lock: what fails here may come back at once to send again.
        foreach (var socket in draining)
        {
            if (socket.Sweep(now, closesIdle: true) is ChannelState.Empty)
            {
                lock (_gate)
                {
                    _draining.Remove(socket);
                }
            }
        }

        return draining.Length > 0;
    }
}
