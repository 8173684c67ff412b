using ClusterDns.Protocol.Names;

namespace ClusterDns.Protocol.Messages;

/// <summary>Reads names out of a message (RFC 1035 §4.1.4).</summary>
public static class WireName
{
    /// <summary>
    /// Writes the name at <paramref name="offset"/> uncompressed into <paramref name="name"/> (255 octets) and says where
    /// the octet behind it is. Stricter than RFC 1035: a pointer must point before the labels that led to it, so a name
    /// is read in at most 127 steps and loops cannot exist.
    /// </summary>
    public static WireError TryRead(ReadOnlySpan<byte> message, int offset, Span<byte> name, out int length, out int next)
    {
        // Names of questions have no pointers: their end is looked for, and they are copied as a whole.
        if (offset < message.Length && TryMeasure(message[offset..], out length))
        {
            message.Slice(offset, length).CopyTo(name);
            next = offset + length;
            return WireError.None;
        }

        return TryReadParts(message, offset, name, out length, out next);
    }

    // Label by label, following pointers; also says what is wrong.
    private static WireError TryReadParts(ReadOnlySpan<byte> message, int offset, Span<byte> name, out int length, out int next)
    {
        length = 0;
        next = 0;
        var position = offset;
        var lowest = offset;
        while (true)
        {
            if ((uint)position >= (uint)message.Length)
            {
                return WireError.Truncated;
            }

            int size = message[position];
            if (size == 0)
            {
                if (length >= NameSpan.MaxLength)
                {
                    return WireError.NameTooLong;
                }

                name[length++] = 0;
                if (next == 0)
                {
                    next = position + 1;
                }

                return WireError.None;
            }

            if (size <= NameSpan.MaxLabelLength)
            {
                if (length + size + 1 >= NameSpan.MaxLength)
                {
                    return WireError.NameTooLong;
                }

                if (position + size >= message.Length)
                {
                    return WireError.Truncated;
                }

                message.Slice(position, size + 1).CopyTo(name[length..]);
                length += size + 1;
                position += size + 1;
                continue;
            }

            if ((size & 0xc0) != 0xc0)
            {
                return WireError.BadLabelType;
            }

            if (position + 1 >= message.Length)
            {
                return WireError.Truncated;
            }

            var target = ((size & 0x3f) << 8) | message[position + 1];
            if (target >= lowest)
            {
                return WireError.BadPointer;
            }

            if (next == 0)
            {
                next = position + 2;
            }

            lowest = target;
            position = target;
        }
    }

    /// <summary>Checks an uncompressed name that must fill <paramref name="wire"/>'s start; says its length.</summary>
    public static bool TryMeasure(ReadOnlySpan<byte> wire, out int length)
    {
        var position = 0;
        wire = wire[..Math.Min(wire.Length, NameSpan.MaxLength)];
        while ((uint)position < (uint)wire.Length)
        {
            int size = wire[position++];
            if ((uint)(size - 1) >= NameSpan.MaxLabelLength)
            {
                // The root's label, or no label at all.
                length = position;
                return size == 0;
            }

            position += size;
        }

        length = position;
        return false;
    }
}
