using ClusterDns.Protocol.Names;

namespace ClusterDns.Protocol.Messages;

/// <summary>
/// Where in a message names were written, by their octets: what <see cref="MessageWriter"/> needs to compress. Reused from
/// message to message; a new message forgets the old one in constant time.
/// </summary>
public sealed class CompressionTable
{
    private const int Slots = 512;

    // Beyond this, names are written but no longer remembered: probing stays short.
    private const int MaxCount = 384;

    // The generation in the upper half, the offset in the lower: a slot of another generation is free.
    private readonly uint[] _slots = new uint[Slots];
    private uint _generation;
    private int _count;

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        _count = 0;
        if (++_generation > ushort.MaxValue)
        {
            Array.Clear(_slots);
            _generation = 1;
        }
    }

    /// <summary>Where <paramref name="name"/> already stands in what is written, octet for octet; else -1.</summary>
    public int Find(ReadOnlySpan<byte> message, ReadOnlySpan<byte> name)
    {
        for (var slot = SlotOf(name); ; slot = (slot + 1) & (Slots - 1))
        {
            var entry = _slots[slot];
            if (entry >> 16 != _generation)
            {
                return -1;
            }

            var offset = (int)(entry & ushort.MaxValue);
            if (StandsAt(message, offset, name))
            {
                return offset;
            }
        }
    }

    /// <summary>Remembers that <paramref name="name"/> starts at <paramref name="offset"/>, where a pointer can reach it.</summary>
    public void Add(ReadOnlySpan<byte> name, int offset)
    {
        if (_count >= MaxCount || offset > MessageWriter.MaxPointer)
        {
            return;
        }

        var slot = SlotOf(name);
        while (_slots[slot] >> 16 == _generation)
        {
            slot = (slot + 1) & (Slots - 1);
        }

        _slots[slot] = (_generation << 16) | (uint)offset;
        _count++;
    }

    private static int SlotOf(ReadOnlySpan<byte> name) => (int)(NameHash.Compute64(name) >> 32) & (Slots - 1);

    // Follows the pointers that this writer wrote itself: they are sound and always point back.
    private static bool StandsAt(ReadOnlySpan<byte> message, int offset, ReadOnlySpan<byte> name)
    {
        while (true)
        {
            if (offset >= message.Length)
            {
                // The name that is being written: its end is not there yet.
                return false;
            }

            int size = message[offset];
            if (size >= 0xc0)
            {
                offset = ((size & 0x3f) << 8) | message[offset + 1];
                continue;
            }

            if (offset + size >= message.Length || !message.Slice(offset, size + 1).SequenceEqual(name[..Math.Min(size + 1, name.Length)]))
            {
                return false;
            }

            if (size == 0)
            {
                return name.Length == 1;
            }

            offset += size + 1;
            name = name[(size + 1)..];
        }
    }
}
