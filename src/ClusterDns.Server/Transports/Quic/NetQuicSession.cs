using System.Net.Quic;
using System.Runtime.Versioning;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Server.Transports.Quic;

/// <summary>A connection of .NET's QUIC.</summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
[SupportedOSPlatform("windows")]
internal sealed class NetQuicSession(QuicConnection connection) : IQuicSession
{
    public SocketEndpoint Client { get; } = AddressCodec.Read(connection.RemoteEndPoint.Serialize());

    public SocketEndpoint Local { get; } = AddressCodec.Read(connection.LocalEndPoint.Serialize());

    public async ValueTask<IQuicStream?> AcceptAsync(CancellationToken cancel)
    {
        try
        {
            // Only bidirectional streams are granted (RFC 9250 §4.2), so this is one.
            return new NetQuicStream(await connection.AcceptInboundStreamAsync(cancel));
        }
        catch (Exception exception) when (exception is QuicException or ObjectDisposedException)
        {
            return null;
        }
    }

    public async ValueTask CloseAsync(long error)
    {
        try
        {
            await connection.CloseAsync(error);
        }
        catch (Exception exception) when (exception is QuicException or ObjectDisposedException)
        {
            // It has ended already.
        }
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
