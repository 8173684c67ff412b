using System.Buffers;
using System.Threading.Channels;

namespace ClusterDns.Plugins.Dnstap;

/// <summary>Frames that wait to be sent to one peer: bounded, many write, one reads. Frames are in rented buffers, which it owns.</summary>
internal sealed class DnstapQueue(int capacity)
{
    private readonly Channel<(byte[] Buffer, int Length)> _frames = Channel.CreateBounded<(byte[] Buffer, int Length)>(
        new BoundedChannelOptions(capacity) { SingleReader = true });

    private long _dropped;

    /// <summary>Frames that found no room since this was asked last.</summary>
    public long TakeDropped() => Interlocked.Exchange(ref _dropped, 0);

    /// <summary>Takes a frame, or drops it where there is no room.</summary>
    /// <returns>False: it was dropped.</returns>
    public bool Add(ReadOnlySpan<byte> frame)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(frame.Length);
        frame.CopyTo(buffer);
        if (_frames.Writer.TryWrite((buffer, frame.Length)))
        {
            return true;
        }

        ArrayPool<byte>.Shared.Return(buffer);
        Interlocked.Increment(ref _dropped);
        return false;
    }

    /// <summary>False: <see cref="Complete"/> was called and nothing is left.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancel) => _frames.Reader.WaitToReadAsync(cancel);

    /// <summary>Moves as many frames as there are and fit, one behind the other.</summary>
    /// <param name="batch">Replaced by a larger one where a single frame needs it.</param>
    /// <returns>Octets moved.</returns>
    public int Take(ref byte[] batch)
    {
        var filled = 0;
        while (_frames.Reader.TryPeek(out var next))
        {
            if (filled + next.Length > batch.Length)
            {
                if (filled > 0)
                {
                    break;
                }

                batch = new byte[next.Length];
            }

            next.Buffer.AsSpan(0, next.Length).CopyTo(batch.AsSpan(filled));
            filled += next.Length;
            _frames.Reader.TryRead(out _);
            ArrayPool<byte>.Shared.Return(next.Buffer);
        }

        return filled;
    }

    /// <summary>Nothing follows.</summary>
    public void Complete() => _frames.Writer.TryComplete();
}
