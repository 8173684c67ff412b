using System.Buffers;
using System.Buffers.Binary;

namespace ClusterDns.Server.Transports.Streams;

/// <summary>
/// Octets of a connection that are not used up yet. Holds no more than a few kilobytes or twice what arrived, whatever a length says.
/// </summary>
internal sealed class StreamInput(TransportLimits limits) : IDisposable
{
    private const int SmallSize = 1024;
    private const int BusySize = 8 * 1024;
    private const int PrefixSize = 2;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(SmallSize);
    private int _taken;
    private int _start;
    private int _end;
    private bool _wasFilled;

    /// <summary>
    /// Where to read into; <see cref="Advance"/> says how much was read. Empty where no memory is left for a message as long as
    /// this one.
    /// </summary>
    public Memory<byte> Room
    {
        get
        {
            Compact();
            return _buffer.AsMemory(_end);
        }
    }

    public void Advance(int count)
    {
        _end += count;
        _wasFilled = _end == _buffer.Length;
    }

    /// <summary>
    /// Takes a message (RFC 1035 §4.2.2: a length of two octets goes before it) that has arrived as a whole. It is valid until
    /// <see cref="Room"/> is asked for.
    /// </summary>
    public bool TryTake(out ReadOnlySpan<byte> message)
    {
        var arrived = _buffer.AsSpan(_start, _end - _start);
        if (arrived.Length < PrefixSize || arrived.Length - PrefixSize < BinaryPrimitives.ReadUInt16BigEndian(arrived))
        {
            message = default;
            return false;
        }

        message = arrived.Slice(PrefixSize, BinaryPrimitives.ReadUInt16BigEndian(arrived));
        _start += PrefixSize + message.Length;
        return true;
    }

    /// <summary>True where octets behind the first message have arrived.</summary>
    public bool HasMoreThanOne =>
        _end - _start >= PrefixSize
        && _end - _start - PrefixSize > BinaryPrimitives.ReadUInt16BigEndian(_buffer.AsSpan(_start));

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        limits.ReleaseMemory(_taken);
        _taken = 0;
    }

    private void Compact()
    {
        var rest = _end - _start;
        if (rest == _buffer.Length)
        {
            Replace(_buffer.Length * 2);
        }
        else if (_wasFilled && _buffer.Length < BusySize)
        {
            // There is more to come than one small read takes.
            Replace(BusySize);
        }
        else if (!_wasFilled && rest < SmallSize && _buffer.Length >= 2 * SmallSize)
        {
            Replace(SmallSize);
        }
        else if (_start > 0)
        {
            _buffer.AsSpan(_start, rest).CopyTo(_buffer);
            _end = rest;
            _start = 0;
        }
    }

    private void Replace(int size)
    {
        // Every connection may have a little; what is more counts.
        var taken = size > BusySize ? size : 0;
        if (taken > _taken && !limits.TryTakeMemory(taken - _taken))
        {
            limits.ClosedUnread.Increment();
            return;
        }

        if (taken < _taken)
        {
            limits.ReleaseMemory(_taken - taken);
        }

        _taken = taken;
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        _end -= _start;
        _buffer.AsSpan(_start, _end).CopyTo(buffer);
        _start = 0;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = buffer;
    }
}
