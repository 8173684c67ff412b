using System.Buffers;
using System.Buffers.Binary;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Server.Transports.Streams;

/// <summary>
/// Answers on their way out of one connection. Any thread may append; one write is under way at a time, and takes along all that
/// was appended meanwhile.
/// </summary>
internal sealed class StreamOutput(Stream stream, TransportLimits limits, TimeProvider time)
{
    // More than this unsent: the client asks but does not read.
    private const int MaxUnsent = 1 << 20;

    // From here on it is written before more is read.
    private const int HighWater = 64 * 1024;

    // Enough for an empty response with its OPT: the writer can then say what it needs.
    private const int LeastRoom = 1024;
    private const int FirstSize = 4096;
    private const int PrefixSize = 2;

    private readonly Lock _gate = new();
    private byte[] _filling = [];
    private int _filled;
    private bool _isWriting;
    private bool _isClosed;
    private long _writeStarted;
    private TaskCompletionSource? _written;

    /// <summary>True where <see cref="DrainAsync"/> should come before further answers.</summary>
    public bool IsHigh => Volatile.Read(ref _filled) >= HighWater;

    public bool IsWriting => Volatile.Read(ref _writeStarted) != 0;

    /// <summary>How long the write under way has taken already.</summary>
    public TimeSpan WriteTime =>
        Volatile.Read(ref _writeStarted) is var started and not 0 ? time.GetElapsedTime(started) : TimeSpan.Zero;

    /// <summary>Adds a response, if the query has one. False: the connection is of no use any more.</summary>
    public bool Append(QueryContext query)
    {
        if (query.Response.State is not ResponseState.Answered)
        {
            return true;
        }

        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }

            if (_filled > MaxUnsent || !TryReserve(_filled == 0 ? FirstSize : LeastRoom))
            {
                limits.ClosedUnread.Increment();
                return false;
            }

            var length = Write(query);
            if (length < 0)
            {
                if (!TryReserve(PrefixSize + ushort.MaxValue))
                {
                    limits.ClosedUnread.Increment();
                    return false;
                }

                length = Write(query);
            }

            BinaryPrimitives.WriteUInt16BigEndian(_filling.AsSpan(_filled), (ushort)length);
            _filled += PrefixSize + length;
            return true;
        }
    }

    /// <summary>Writes what is there, or leaves it to the write under way.</summary>
    /// <exception cref="IOException">The connection is gone.</exception>
    public ValueTask FlushAsync()
    {
        lock (_gate)
        {
            if (_isWriting || _filled == 0)
            {
                return ValueTask.CompletedTask;
            }

            _isWriting = true;
        }

        return WriteAllAsync();
    }

    /// <summary>Done when all that was appended before is written, by whomever.</summary>
    /// <exception cref="IOException">The connection is gone.</exception>
    public async ValueTask DrainAsync()
    {
        await FlushAsync();
        while (true)
        {
            Task written;
            lock (_gate)
            {
                if (_isClosed)
                {
                    throw new IOException("the connection is closed");
                }

                if (!_isWriting && _filled == 0)
                {
                    return;
                }

                _written ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                written = _written.Task;
            }

            await written;
        }
    }

    /// <summary>Nothing is appended or written from here on.</summary>
    public void Close()
    {
        TaskCompletionSource? written;
        lock (_gate)
        {
            _isClosed = true;
            _filled = 0;
            Release(ref _filling);
            written = _written;
        }

        written?.TrySetResult();
    }

    private async ValueTask WriteAllAsync()
    {
        byte[] writing = [];
        try
        {
            while (TryTake(ref writing, out var length))
            {
                Volatile.Write(ref _writeStarted, time.GetTimestamp());
                await stream.WriteAsync(writing.AsMemory(0, length));
                Volatile.Write(ref _writeStarted, 0);
            }
        }
        catch
        {
            Volatile.Write(ref _writeStarted, 0);
            Close();
            throw;
        }
        finally
        {
            Release(ref writing);
        }
    }

    // Swaps the buffer that was written for the one that was filled meanwhile; ends the write where that is empty.
    private bool TryTake(ref byte[] writing, out int length)
    {
        TaskCompletionSource? written;
        lock (_gate)
        {
            length = _filled;
            if (length > 0)
            {
                (writing, _filling) = (_filling, writing);
                _filled = 0;
                return true;
            }

            _isWriting = false;
            Release(ref _filling);
            written = _written;
            _written = null;
        }

        written?.TrySetResult();
        return false;
    }

    private int Write(QueryContext query) =>
        ResponseWriter.ForThread.Write(query, _filling.AsSpan(_filled + PrefixSize));

    private bool TryReserve(int room)
    {
        if (_filling.Length - _filled >= room)
        {
            return true;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(_filled + room, 2 * _filling.Length));
        if (!limits.TryTakeMemory(buffer.Length))
        {
            ArrayPool<byte>.Shared.Return(buffer);
            return false;
        }

        _filling.AsSpan(0, _filled).CopyTo(buffer);
        Release(ref _filling);
        _filling = buffer;
        return true;
    }

    private void Release(ref byte[] buffer)
    {
        if (buffer.Length > 0)
        {
            limits.ReleaseMemory(buffer.Length);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = [];
        }
    }
}
