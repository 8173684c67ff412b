using System.Net.Quic;
using System.Runtime.Versioning;

namespace ClusterDns.Server.Transports.Quic;

/// <summary>A stream of .NET's QUIC.</summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
[SupportedOSPlatform("windows")]
internal sealed class NetQuicStream(QuicStream stream) : IQuicStream
{
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel)
    {
        try
        {
            return await stream.ReadAsync(buffer, cancel);
        }
        catch (ObjectDisposedException exception)
        {
            throw new IOException("the stream is closed", exception);
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> octets, bool completes, CancellationToken cancel)
    {
        try
        {
            await stream.WriteAsync(octets, completes, cancel);
        }
        catch (ObjectDisposedException exception)
        {
            throw new IOException("the stream is closed", exception);
        }
    }

    public void Abort(long error)
    {
        try
        {
            stream.Abort(QuicAbortDirection.Both, error);
        }
        catch (ObjectDisposedException)
        {
            // Its connection has closed it.
        }
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
