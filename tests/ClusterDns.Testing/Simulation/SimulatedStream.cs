using System.Text;

namespace ClusterDns.Testing.Simulation;

/// <summary>The body of a response that the simulation writes while it is read.</summary>
internal sealed class SimulatedStream(Action<SimulatedStream> closed) : Stream
{
    private readonly Queue<byte[]> _chunks = new();
    private int _position;
    private bool _ended;
    private bool _failed;
    private TaskCompletionSource<int>? _reading;
    private Memory<byte> _destination;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void Write(string text)
    {
        _chunks.Enqueue(Encoding.UTF8.GetBytes(text));
        Wake();
    }

    /// <summary>An orderly end.</summary>
    public void End()
    {
        _ended = true;
        Wake();
    }

    /// <summary>The connection breaks; what was not read yet is lost.</summary>
    public void Fail()
    {
        _failed = true;
        Wake();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (TryTake(buffer, out var count))
        {
            return count;
        }

        var reading = new TaskCompletionSource<int>();
        _reading = reading;
        _destination = buffer;
        await using var registration = cancellationToken.Register(() =>
        {
            _reading = null;
            TurnQueue.Outside(() => reading.TrySetCanceled(cancellationToken));
        });
        return await reading.Task.ConfigureAwait(false);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        closed(this);
        base.Dispose(disposing);
    }

    private void Wake()
    {
        if (_reading is not { } reading)
        {
            return;
        }

        try
        {
            if (TryTake(_destination, out var count))
            {
                _reading = null;
                reading.TrySetResult(count);
            }
        }
        catch (IOException exception)
        {
            _reading = null;
            reading.TrySetException(exception);
        }
    }

    private bool TryTake(Memory<byte> destination, out int count)
    {
        count = 0;
        if (_failed)
        {
            throw new IOException("the connection was reset");
        }

        if (!_chunks.TryPeek(out var chunk))
        {
            return _ended;
        }

        count = Math.Min(destination.Length, chunk.Length - _position);
        chunk.AsMemory(_position, count).CopyTo(destination);
        _position += count;
        if (_position == chunk.Length)
        {
            _chunks.Dequeue();
            _position = 0;
        }

        return true;
    }
}
