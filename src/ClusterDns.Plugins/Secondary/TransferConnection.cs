using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;

namespace ClusterDns.Plugins.Secondary;

/// <summary>A connection to a primary: one question out, messages in (RFC 5936 §4.1). Nothing waits longer than it may.</summary>
internal sealed class TransferConnection(Socket socket, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReadWithin = TimeSpan.FromSeconds(10);

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(ushort.MaxValue);
    private readonly byte[] _length = new byte[sizeof(ushort)];

    /// <exception cref="IOException">The primary cannot be reached.</exception>
    public static async Task<TransferConnection> OpenAsync(SocketEndpoint primary, TimeProvider time, CancellationToken end)
    {
        var target = new IPEndPoint(primary.Address.ToIPAddress(), primary.Port);
        var socket = Create(target.AddressFamily);
        try
        {
            await RunAsync(token => socket.ConnectAsync(target, token), ConnectWithin, time, end);
            return new TransferConnection(socket, time);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <exception cref="IOException">The connection is gone.</exception>
    public Task SendAsync(byte[] message, CancellationToken end)
    {
        var framed = new byte[sizeof(ushort) + message.Length];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)message.Length);
        message.CopyTo(framed, sizeof(ushort));
        return RunAsync(
            async token =>
            {
                for (var sent = 0; sent < framed.Length;)
                {
                    sent += await socket.SendAsync(framed.AsMemory(sent), SocketFlags.None, token);
                }
            },
            ReadWithin,
            time,
            end);
    }

    /// <summary>The next message, valid until the next call.</summary>
    /// <exception cref="IOException">The connection is gone, or the primary says nothing.</exception>
    public async Task<ReadOnlyMemory<byte>> ReceiveAsync(CancellationToken end)
    {
        var length = 0;
        await RunAsync(
            async token =>
            {
                await ReadExactlyAsync(_length, token);
                length = BinaryPrimitives.ReadUInt16BigEndian(_length);
                await ReadExactlyAsync(_buffer.AsMemory(0, length), token);
            },
            ReadWithin,
            time,
            end);
        return length >= MessageHeader.Size ? _buffer.AsMemory(0, length) : throw new IOException("a message without a header");
    }

    public void Dispose()
    {
        socket.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    private static Socket Create(AddressFamily family)
    {
        try
        {
            return new Socket(family, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        }
        catch (SocketException exception)
        {
            throw new IOException(exception.Message, exception);
        }
    }

    private async Task ReadExactlyAsync(Memory<byte> buffer, CancellationToken token)
    {
        while (buffer.Length > 0)
        {
            var count = await socket.ReceiveAsync(buffer, SocketFlags.None, token);
            if (count == 0)
            {
                throw new IOException("the connection was closed");
            }

            buffer = buffer[count..];
        }
    }

    private static async Task RunAsync(
        Func<CancellationToken, ValueTask> work, TimeSpan limit, TimeProvider time, CancellationToken end)
    {
        using var wait = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(wait.Token, end);
        try
        {
            await work(either.Token);
        }
        catch (OperationCanceledException) when (!end.IsCancellationRequested)
        {
            throw new IOException("i/o timeout");
        }
        catch (SocketException exception)
        {
            throw new IOException(exception.Message, exception);
        }
    }
}
