using System.Buffers;
using ClusterDns.Core.Pipeline;
using ClusterDns.Plugins.ProxyProto;

namespace ClusterDns.Server.Transports.Proxying;

/// <summary>Takes the PROXY header off a connection before anything else reads it.</summary>
internal static class ProxiedStream
{
    private const int FirstSize = 128;

    /// <summary>
    /// Reads no more than a header may have. Whoever calls bounds the time; a connection that ends is one without a header.
    /// </summary>
    /// <returns>The connection without its header, and the client that it named; null: the peer is the client.</returns>
    /// <exception cref="IOException">The header is malformed or not wanted from this peer.</exception>
    public static async ValueTask<(Stream Stream, SocketEndpoint? Client)> OpenAsync(Stream stream, ProxyPolicy policy)
    {
        if (policy is ProxyPolicy.Skip)
        {
            return (stream, null);
        }

        var buffer = ArrayPool<byte>.Shared.Rent(FirstSize);
        try
        {
            var length = 0;
            while (true)
            {
                if (length == buffer.Length)
                {
                    Grow(ref buffer);
                }

                var count = await stream.ReadAsync(buffer.AsMemory(length));
                length += count;
                var status = ProxyHeader.TryRead(buffer.AsSpan(0, length), out var header);
                if (status is ProxyHeaderStatus.Incomplete && count > 0)
                {
                    continue;
                }

                Refuse(status, policy);
                var rest = buffer.AsMemory(header.Length, length - header.Length);
                return (rest.IsEmpty ? stream : new ReplayStream(stream, rest.ToArray()), policy is ProxyPolicy.Use ? header.Client : null);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <exception cref="IOException">What was found ends the connection.</exception>
    public static void Refuse(ProxyHeaderStatus status, ProxyPolicy policy)
    {
        if (status is ProxyHeaderStatus.Malformed)
        {
            throw new IOException("malformed PROXY header");
        }

        if (status is ProxyHeaderStatus.Present && policy is ProxyPolicy.Reject)
        {
            throw new IOException("PROXY header from a peer that must not send one");
        }
    }

    // A header is at its end, or refused, before there is more than it may have.
    private static void Grow(ref byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(2 * buffer.Length);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
