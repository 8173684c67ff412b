using System.Net;
using System.Net.Sockets;
using ClusterDns.Core.Pipeline;
using ClusterDns.Server.Reloading;

namespace ClusterDns.Server.Transports;

/// <summary>UDP by <see cref="Socket"/> alone: serves wherever .NET runs. One thread receives, answers and sends.</summary>
internal sealed class UdpSocketTransport(ListenGroup group, ServerServices services) : IDisposable
{
    private const int MaxDatagram = 65535;

    private readonly Socket _socket = Bind(group.Address);
    private volatile bool _closing;

    public IPEndPoint LocalEndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    public void Start()
    {
        var thread = new Thread(Receive) { IsBackground = true, Name = $"udp {group.Address.Label}" };
        thread.Start();
    }

    public void Dispose()
    {
        _closing = true;
        _socket.Dispose();
    }

    private static Socket Bind(ListenAddress address)
    {
        var family = address.Address?.AddressFamily ?? AddressFamily.InterNetworkV6;
        var socket = new Socket(family, SocketType.Dgram, ProtocolType.Udp);
        if (address.Address is null)
        {
            socket.DualMode = true;
        }

        socket.Bind(new IPEndPoint(address.Address ?? IPAddress.IPv6Any, address.Port));
        return socket;
    }

    private void Receive()
    {
        var output = new byte[MaxDatagram];
        var from = new SocketAddress(_socket.AddressFamily);
        var query = services.Queries.Rent();
        while (!_closing)
        {
            int length;
            try
            {
                length = _socket.ReceiveFrom(query.GetMessageBuffer(MaxDatagram), SocketFlags.None, from);
            }
            catch (SocketException)
            {
                continue;
            }
            catch (ObjectDisposedException)
            {
                return;
            }

            query.BeginRequest(length, TransportProtocol.Udp, AddressCodec.Read(from), default, group.Identity);
            query.StartTimestamp = services.Time.GetTimestamp();
            var outcome = QueryReader.Read(query);
            if (outcome is ReadOutcome.Query)
            {
                var running = group.Router.HandleAsync(query);
                if (!running.IsCompletedSuccessfully)
                {
                    _ = FinishAsync(running, query, Copy(from));
                    query = services.Queries.Rent();
                    continue;
                }
            }

            if (outcome is not ReadOutcome.Ignore)
            {
                Send(query, output, from);
            }
        }
    }

    private async Task FinishAsync(ValueTask running, QueryContext query, SocketAddress client)
    {
        await running;
        Send(query, new byte[MaxDatagram], client);
        services.Queries.Return(query);
    }

    private void Send(QueryContext query, byte[] output, SocketAddress client)
    {
        if (query.Response.State is not ResponseState.Answered)
        {
            return;
        }

        var length = ResponseWriter.ForThread.Write(query, output);
        try
        {
            _socket.SendTo(output.AsSpan(0, length), SocketFlags.None, client);
        }
        catch (SocketException)
        {
            // The client is gone or its network is: it will ask again.
        }
        catch (ObjectDisposedException)
        {
        }
    }

    private static SocketAddress Copy(SocketAddress address)
    {
        var copy = new SocketAddress(address.Family, address.Size);
        address.Buffer.Span[..address.Size].CopyTo(copy.Buffer.Span);
        return copy;
    }
}
