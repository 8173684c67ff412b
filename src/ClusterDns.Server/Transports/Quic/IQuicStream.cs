namespace ClusterDns.Server.Transports.Quic;

/// <summary>One bidirectional stream of a connection.</summary>
internal interface IQuicStream : IAsyncDisposable
{
    /// <summary>Octets read; 0: the client has said that there are no more.</summary>
    /// <exception cref="IOException">The stream or its connection has ended otherwise.</exception>
    ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel);

    /// <param name="completes">Nothing follows: the stream's end is sent along.</param>
    /// <exception cref="IOException">The stream or its connection has ended.</exception>
    ValueTask WriteAsync(ReadOnlyMemory<byte> octets, bool completes, CancellationToken cancel);

    /// <summary>Ends both directions and tells the client why (<see cref="DoqError"/>).</summary>
    void Abort(long error);
}
