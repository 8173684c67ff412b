using System.Net;
using System.Threading.Channels;
using ClusterDns.Core.Pipeline;
using ClusterDns.Server.Transports.Quic;

namespace ClusterDns.Testing.Transports;

/// <summary>A client's QUIC connection without QUIC: a test opens streams, and sees how the server ends things.</summary>
internal sealed class FakeQuicSession : IQuicSession
{
    private readonly Channel<IQuicStream> _streams = Channel.CreateUnbounded<IQuicStream>();
    private readonly TaskCompletionSource<long> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SocketEndpoint Client { get; init; } = new(IPAddressValue.From(IPAddress.Loopback), 40000);

    public SocketEndpoint Local { get; } = new(IPAddressValue.From(IPAddress.Loopback), 853);

    /// <summary>Done when the server has closed the connection: with which error.</summary>
    public Task<long> Closed => _closed.Task;

    public bool IsDisposed { get; private set; }

    public FakeQuicStream Open()
    {
        var stream = new FakeQuicStream();
        _streams.Writer.TryWrite(stream);
        return stream;
    }

    /// <summary>The client closes the connection.</summary>
    public void Leave() => _streams.Writer.TryComplete();

    public async ValueTask<IQuicStream?> AcceptAsync(CancellationToken cancel) =>
        await _streams.Reader.WaitToReadAsync(cancel) && _streams.Reader.TryRead(out var stream) ? stream : null;

    public ValueTask CloseAsync(long error)
    {
        _closed.TrySetResult(error);
        _streams.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }
}
