using System.Buffers.Binary;
using System.IO.Pipelines;
using ClusterDns.Server.Transports.Quic;
using ClusterDns.Testing.Wire;

namespace ClusterDns.Testing.Transports;

/// <summary>A stream of a <see cref="FakeQuicSession"/>, seen from both sides.</summary>
internal sealed class FakeQuicStream : IQuicStream
{
    private readonly Pipe _request = new();
    private readonly Pipe _response = new();
    private readonly TaskCompletionSource<long> _aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Stream _received;

    public FakeQuicStream() => _received = _request.Reader.AsStream();

    /// <summary>Done when the server has aborted the stream: with which error.</summary>
    public Task<long> Aborted => _aborted.Task;

    /// <summary>The message behind its length, in pieces as a test likes.</summary>
    public async Task SendAsync(byte[] octets, bool completes = true)
    {
        await _request.Writer.WriteAsync(octets);
        if (completes)
        {
            await _request.Writer.CompleteAsync();
        }
    }

    public Task AskAsync(byte[] message, bool completes = true) =>
        SendAsync([(byte)(message.Length >> 8), (byte)message.Length, .. message], completes);

    /// <summary>The next message; null: the server has ended the stream.</summary>
    public async Task<WireMessage?> ReceiveAsync(CancellationToken token) =>
        await ReceiveOctetsAsync(token) is { } message ? WireMessage.Decode(message) : null;

    /// <summary>As <see cref="ReceiveAsync"/>, in wire form.</summary>
    public async Task<byte[]?> ReceiveOctetsAsync(CancellationToken token)
    {
        var read = await _response.Reader.ReadAtLeastAsync(2, token);
        if (read.Buffer.IsEmpty)
        {
            return null;
        }

        var prefix = new byte[2];
        System.Buffers.BuffersExtensions.CopyTo(read.Buffer.Slice(0, 2), prefix);
        _response.Reader.AdvanceTo(read.Buffer.GetPosition(2));
        var length = BinaryPrimitives.ReadUInt16BigEndian(prefix);
        read = await _response.Reader.ReadAtLeastAsync(length, token);
        var message = new byte[length];
        System.Buffers.BuffersExtensions.CopyTo(read.Buffer.Slice(0, length), message);
        _response.Reader.AdvanceTo(read.Buffer.GetPosition(length));
        return message;
    }

    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel) => _received.ReadAsync(buffer, cancel);

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> octets, bool completes, CancellationToken cancel)
    {
        await _response.Writer.WriteAsync(octets, cancel);
        if (completes)
        {
            await _response.Writer.CompleteAsync();
        }
    }

    public void Abort(long error) => _aborted.TrySetResult(error);

    public async ValueTask DisposeAsync() => await _response.Writer.CompleteAsync();
}
