using ClusterDns.Core.Pipeline;

namespace ClusterDns.Server.Transports.Quic;

/// <summary>One client's QUIC connection, as much of it as DNS needs; tests have one without QUIC.</summary>
internal interface IQuicSession : IAsyncDisposable
{
    SocketEndpoint Client { get; }

    SocketEndpoint Local { get; }

    /// <summary>The next stream that the client opened; null: the connection has ended.</summary>
    ValueTask<IQuicStream?> AcceptAsync(CancellationToken cancel);

    /// <summary>Ends the connection with all its streams and tells the client why (<see cref="DoqError"/>).</summary>
    ValueTask CloseAsync(long error);
}
