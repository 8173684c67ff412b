using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Protocol.Messages;

/// <summary>Takes RDATA out of a message: checks its form and writes its names uncompressed.</summary>
public static class RdataCodec
{
    /// <summary>Octets that unpacking can add to RDATA at most: two names, each from a pointer of two octets.</summary>
    public const int MaxGrowth = 2 * (NameSpan.MaxLength - 2);

    /// <summary>
    /// Writes the record's RDATA, uncompressed, into <paramref name="destination"/>, which has room for
    /// <see cref="RecordHeader.RdataLength"/> + <see cref="MaxGrowth"/> octets.
    /// </summary>
    public static WireError Unpack(ReadOnlySpan<byte> message, in RecordHeader record, Span<byte> destination, out int length)
    {
        length = 0;
        var layout = RdataLayout.Of(record.Type);
        var position = record.RdataOffset;
        var end = record.RdataOffset + record.RdataLength;
        var error = CopyFixed(message, ref position, end, layout.Prefix, destination, ref length);
        if (error != WireError.None)
        {
            return error;
        }

        error = layout.Strings == RdataLayout.AnyStrings
            ? CopyAllStrings(message, ref position, end, destination, ref length)
            : CopyStrings(message, ref position, end, layout.Strings, destination, ref length);
        if (error != WireError.None)
        {
            return error;
        }

        for (var name = 0; name < layout.Names; name++)
        {
            error = WireName.TryRead(message[..end], position, destination[length..], out var nameLength, out var next);
            if (error != WireError.None)
            {
                return error == WireError.Truncated ? WireError.BadRdata : error;
            }

            length += nameLength;
            position = next;
        }

        if (layout.Tail != RdataLayout.AnyTail && end - position != layout.Tail)
        {
            return WireError.BadRdata;
        }

        return CopyFixed(message, ref position, end, end - position, destination, ref length);
    }

    /// <summary>Checks uncompressed RDATA against its type's layout.</summary>
    public static bool IsWellFormed(RecordType type, ReadOnlySpan<byte> rdata)
    {
        if (rdata.Length > ushort.MaxValue)
        {
            return false;
        }

        var copy = new byte[rdata.Length + MaxGrowth];
        return Unpack(rdata, new RecordHeader(type, RecordClass.IN, 0, 0, (ushort)rdata.Length), copy, out var length) == WireError.None
            && length == rdata.Length;
    }

    private static WireError CopyFixed(
        ReadOnlySpan<byte> message, ref int position, int end, int count, Span<byte> destination, ref int length)
    {
        if (end - position < count)
        {
            return WireError.BadRdata;
        }

        message.Slice(position, count).CopyTo(destination[length..]);
        position += count;
        length += count;
        return WireError.None;
    }

    private static WireError CopyStrings(
        ReadOnlySpan<byte> message, ref int position, int end, int strings, Span<byte> destination, ref int length)
    {
        for (; strings > 0; strings--)
        {
            if (position >= end)
            {
                return WireError.BadRdata;
            }

            var error = CopyFixed(message, ref position, end, message[position] + 1, destination, ref length);
            if (error != WireError.None)
            {
                return error;
            }
        }

        return WireError.None;
    }

    private static WireError CopyAllStrings(
        ReadOnlySpan<byte> message, ref int position, int end, Span<byte> destination, ref int length)
    {
        if (position == end)
        {
            return WireError.BadRdata;
        }

        while (position < end)
        {
            var error = CopyStrings(message, ref position, end, 1, destination, ref length);
            if (error != WireError.None)
            {
                return error;
            }
        }

        return WireError.None;
    }
}
