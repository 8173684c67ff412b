using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using ClusterDns.Core.Pipeline;
using ClusterDns.Plugins.ProxyProto;
using ClusterDns.Server.Transports.Streams;
using Microsoft.AspNetCore.Connections;

namespace ClusterDns.Server.Transports.Proxying;

/// <summary>Takes the PROXY header off a connection of Kestrel's before TLS and HTTP read it, and tells them who the client is.</summary>
/// <param name="options">What holds for the next connection; null: nobody looks for headers.</param>
internal sealed class ProxiedConnection(Func<ProxyProtoOptions?> options, TimeSpan limit, TimeProvider time)
{
    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (options() is { } current && connection.RemoteEndPoint is IPEndPoint peer
            && !await TryOpenAsync(connection, current.PolicyFor(IPAddressValue.From(peer.Address))))
        {
            connection.Abort();
            return;
        }

        await next(connection);
    }

    private async Task<bool> TryOpenAsync(ConnectionContext connection, ProxyPolicy policy)
    {
        if (policy is ProxyPolicy.Skip)
        {
            return true;
        }

        using var deadline = new CancellationTokenSource(limit, time);
        try
        {
            if (await ReadAsync(connection.Transport.Input, policy, deadline.Token) is { } client && policy is ProxyPolicy.Use)
            {
                connection.RemoteEndPoint = new IPEndPoint(client.Address.ToIPAddress(), client.Port);
            }

            return true;
        }
        catch (Exception exception) when (exception is OperationCanceledException || StreamConnection.IsEndOfConnection(exception))
        {
            return false;
        }
    }

    private static async ValueTask<SocketEndpoint?> ReadAsync(PipeReader input, ProxyPolicy policy, CancellationToken cancel)
    {
        while (true)
        {
            var read = await input.ReadAsync(cancel);
            var status = TryRead(read.Buffer, out var header);
            if (status is ProxyHeaderStatus.Incomplete && !read.IsCompleted)
            {
                input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            input.AdvanceTo(read.Buffer.GetPosition(header.Length));
            ProxiedStream.Refuse(status, policy);
            return header.Client;
        }
    }

    private static ProxyHeaderStatus TryRead(in ReadOnlySequence<byte> received, out ProxyHeader header)
    {
        if (received.IsSingleSegment)
        {
            return ProxyHeader.TryRead(received.FirstSpan, out header);
        }

        var length = (int)Math.Min(received.Length, ProxyHeader.MaxLength);
        var copy = ArrayPool<byte>.Shared.Rent(length);
        received.Slice(0, length).CopyTo(copy);
        var status = ProxyHeader.TryRead(copy.AsSpan(0, length), out header);
        ArrayPool<byte>.Shared.Return(copy);
        return status;
    }
}
